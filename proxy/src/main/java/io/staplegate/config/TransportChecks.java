package io.staplegate.config;

import io.staplegate.config.BackendConfig.Transport;
import io.staplegate.config.ListenerConfig.Protocol;

/** What follows from the protocol of a listener and the transport of a backend: what fits, and what has no effect. */
final class TransportChecks {
    private final Configuration configuration;
    private final Places places;
    private final Problems problems;

    /**
     * Checks of one document.
     *
     * @param configuration as far as it could be made
     */
    TransportChecks(Configuration configuration, Places places, Problems problems) {
        this.configuration = configuration;
        this.places = places;
        this.problems = problems;
    }

    /** Finds contradictions, which are errors. */
    void refuseContradictions() {
        for (int i = 0; i < configuration.backends().size(); i++) {
            refuse(configuration.backends().get(i), Document.path("backends", i));
        }
        for (int i = 0; i < configuration.listeners().size(); i++) {
            var path = Document.path("listeners", i);
            if (isWell(Document.path(path, "protocol"))) {
                refuseBackend(configuration.listeners().get(i), path);
                refuseKeeping(configuration.listeners().get(i), Document.path(path, "dtls"));
            }
        }
    }

    private void refuse(BackendConfig backend, String path) {
        if (!isWell(Document.path(path, "transport"))) {
            return;
        }
        boolean udp = backend.transport() == Transport.UDP;
        if (!udp && !backend.sourceAddresses().isEmpty()) {
            error(
                    Document.path(path, "sourceAddresses"),
                    "is not for a tcp backend",
                    "set \"transport: udp\", or remove it");
        }
        for (var address : backend.address()) {
            if (udp && address instanceof SocketAddress.UnixPath) {
                error(
                        Document.path(path, "address"),
                        Problem.quoted(address) + " takes no datagrams",
                        "write host:port, or set \"transport: tcp\"");
            }
        }
    }

    private void refuseBackend(ListenerConfig listener, String path) {
        var names = configuration.backends().stream().map(BackendConfig::name).toList();
        int at = names.indexOf(listener.backend());
        var transport = configuration.backends().get(at).transport();
        var needed = listener.protocol() == Protocol.DTLS ? Transport.UDP : Transport.TCP;
        if (transport != needed && isWell(Document.path(Document.path("backends", at), "transport"))) {
            error(
                    Document.path(path, "backend"),
                    "%s is a %s backend, and the listener speaks %s"
                            .formatted(
                                    Problem.quoted(listener.backend()),
                                    Notations.written(transport),
                                    Notations.written(listener.protocol())),
                    "tls goes with \"transport: tcp\", dtls with \"transport: udp\"");
        }
    }

    private void refuseKeeping(ListenerConfig listener, String path) {
        var sessionKey = Document.path(path, "sessionKey");
        boolean kept = listener.protocol() == Protocol.DTLS && listener.dtls().keepSessions();
        if (kept && listener.dtls().sessionKey() == null && isWell(sessionKey)) {
            error(
                    sessionKey,
                    "is missing, and kept sessions are encrypted with it",
                    "name a file that \"openssl rand -out sessions.key 32\" made");
        }
    }

    /** Finds what has no effect, in a configuration without errors. */
    void warnOfIdleParts() {
        for (int i = 0; i < configuration.listeners().size(); i++) {
            var listener = configuration.listeners().get(i);
            var dtls = Document.path(Document.path("listeners", i), "dtls");
            if (listener.protocol() == Protocol.TLS) {
                if (places.isWritten(dtls)) {
                    problems.warning(dtls, "has no effect on a tls listener", "set \"protocol: dtls\"");
                }
            } else if (listener.dtls().sessionKey() != null && !listener.dtls().keepSessions()) {
                problems.warning(
                        Document.path(dtls, "sessionKey"),
                        "has no effect while keepSessions is off",
                        "set \"keepSessions: true\"");
            }
        }
    }

    /** Whether a value is what the file says, and not a default in place of something wrong. */
    private boolean isWell(String path) {
        return !problems.anyErrorAt(places.inFile(path));
    }

    private void error(String path, String message, String hint) {
        problems.error(places.inFile(path), message, hint);
    }
}
