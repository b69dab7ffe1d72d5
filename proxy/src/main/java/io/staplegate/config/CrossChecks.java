package io.staplegate.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What no single key shows: values that contradict one another, and parts that nothing uses. */
final class CrossChecks {
    private static final Pattern BACKEND_ADDRESS = Pattern.compile("(backends\\[\\d+]\\.)address(\\[\\d+])?");
    private static final Pattern WRITTEN_FILE = Pattern.compile("accessLog\\.file|identities\\[\\d+]\\.export\\[\\d+]");

    private final Map<String, Object> values;
    private final Problems problems;

    /**
     * Checks of one document.
     *
     * @param values every value by its path, as the {@link Binder} found them
     */
    CrossChecks(Map<String, Object> values, Problems problems) {
        this.values = values;
        this.problems = problems;
    }

    /** Finds contradictions, which are errors. */
    void refuseContradictions() {
        refuseSharedAddresses();
        refuseLoops();
        refuseOverwriting();
        refusePasswordsOfTokens();
        refuseOpenAdmin();
        if (values.get("ocsp.retryInitial") instanceof Duration initial
                && values.get("ocsp.retryMax") instanceof Duration max
                && max.compareTo(initial) < 0) {
            problems.error("ocsp.retryMax", "is shorter than ocsp.retryInitial", null);
        }
    }

    /** Finds what has no effect, in a configuration without errors. */
    void warnOfIdleParts(Configuration configuration) {
        var listeners = configuration.listeners();
        var identities = listeners.stream()
                .flatMap(listener -> listener.identities().stream())
                .collect(Collectors.toSet());
        var backends = listeners.stream().map(ListenerConfig::backend).collect(Collectors.toSet());
        for (int i = 0; i < configuration.identities().size(); i++) {
            warnOfIdle(configuration.identities().get(i), Document.path("identities", i), identities);
        }
        for (int i = 0; i < configuration.backends().size(); i++) {
            if (!backends.contains(configuration.backends().get(i).name())) {
                problems.warning(Document.path("backends", i), "no listener uses it", null);
            }
        }
        boolean asksDevices = listeners.stream().anyMatch(listener -> listener.clientAuth() != null);
        if (configuration.devices().denyList() != null && !asksDevices) {
            problems.warning(
                    "devices.denyList",
                    "has no effect: no listener asks devices for certificates",
                    "add \"clientAuth\" to a listener");
        }
        var log = configuration.accessLog();
        if (log.file() != null && log.format() == AccessLogConfig.Format.OFF) {
            problems.warning("accessLog.file", "has no effect while the format is off", "set accessLog.format");
        }
    }

    private void warnOfIdle(IdentityConfig identity, String path, Set<String> used) {
        if (!used.contains(identity.name()) && identity.export().isEmpty()) {
            problems.warning(
                    path, "no listener uses it, and nothing is exported", "name it in a listener, or add \"export\"");
        }
        if (identity.stapling() == IdentityConfig.Stapling.OFF
                && !identity.export().isEmpty()) {
            problems.warning(Document.path(path, "export"), "has no effect while stapling is off", null);
        }
    }

    private void refuseSharedAddresses() {
        var taken = new LinkedHashMap<String, Endpoint>();
        binds().forEach((path, endpoint) -> {
            taken.forEach((other, theirs) -> {
                if (endpoint.clashesWith(theirs)) {
                    var message = "%s is taken by %s (%s)"
                            .formatted(Problem.quoted(endpoint.address()), other, Problem.quoted(theirs.address()));
                    problems.error(path, message, "choose another port");
                }
            });
            taken.put(path, endpoint);
        });
    }

    private void refuseLoops() {
        var binds = binds();
        values.forEach((path, value) -> {
            if (BACKEND_ADDRESS.matcher(path).matches() && value instanceof SocketAddress.HostPort address) {
                boolean udp = values.get(BACKEND_ADDRESS.matcher(path).replaceAll("$1transport"))
                        == BackendConfig.Transport.UDP;
                refuseLoop(path, address, udp, binds);
            } else if (value instanceof URI url) {
                refuseLoop(path, SocketAddress.HostPort.of(url), false, binds);
            }
        });
    }

    private void refuseLoop(String path, SocketAddress.HostPort address, boolean udp, Map<String, Endpoint> binds) {
        binds.forEach((bind, endpoint) -> {
            if (endpoint.isReachedBy(address, udp)) {
                problems.error(path, Problem.quoted(address) + " leads back to " + bind, null);
            }
        });
    }

    private Map<String, Endpoint> binds() {
        var binds = new LinkedHashMap<String, Endpoint>();
        values.forEach((path, value) -> {
            if (path.endsWith(".bind") && value instanceof SocketAddress.HostPort address) {
                var protocol = values.get(sibling(path, "protocol"));
                binds.put(path, new Endpoint(address, protocol == ListenerConfig.Protocol.DTLS));
            }
        });
        return binds;
    }

    private void refuseOverwriting() {
        var uses = new HashMap<Path, String>();
        values.forEach((path, value) -> {
            if (value instanceof FileReference file
                    && !WRITTEN_FILE.matcher(path).matches()) {
                uses.putIfAbsent(file.path().normalize(), path);
            } else if (value instanceof KeySource.PemKey(FileReference file)) {
                uses.putIfAbsent(file.path().normalize(), path);
            }
        });
        values.forEach((path, value) -> {
            if (value instanceof FileReference file
                    && WRITTEN_FILE.matcher(path).matches()) {
                var use = uses.putIfAbsent(file.path().normalize(), path);
                if (use != null) {
                    problems.error(
                            path,
                            Problem.quoted(file.written()) + " is also " + use,
                            "a file is written for one purpose only");
                }
            }
        });
    }

    private void refusePasswordsOfTokens() {
        values.forEach((path, value) -> {
            var password = sibling(path, "keyPassword");
            if (value instanceof KeySource.TokenKey && values.containsKey(password)) {
                problems.error(
                        password,
                        "a key in a token has no password file",
                        "put pin-source or pin-value into the pkcs11: URI");
            }
        });
    }

    private void refuseOpenAdmin() {
        boolean isProtected = values.containsKey("admin.tokenFile") || values.containsKey("admin.tls.trustAnchors");
        if (values.get("admin.bind") instanceof SocketAddress.HostPort address
                && !new Endpoint(address, false).isLoopback()
                && !isProtected) {
            problems.error(
                    "admin.bind",
                    Problem.quoted(address) + " can be reached by everybody in the network",
                    "add admin.tokenFile or admin.tls.trustAnchors, or bind 127.0.0.1 or unix:/path/to/admin.sock");
        }
    }

    private static String sibling(String path, String name) {
        return path.substring(0, path.lastIndexOf('.') + 1) + name;
    }
}
