package io.staplegate.identity;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.DtlsConfig;
import io.staplegate.config.FileReference;
import io.staplegate.config.IdentityConfig;
import io.staplegate.config.KeySource;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.Problem;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Every identity, pre-shared key and trust anchor of a configuration, loaded and validated as a whole. Immutable. */
public final class IdentityTable {
    private final List<Identity> identities;
    private final Map<String, ServerNames> namesByListener;
    private final Map<String, PresharedKeys> keysByListener;
    private final Map<String, DeviceTrust> trustByListener;
    private final List<X509Certificate> mirrorIssuers;
    private final Set<Path> files;

    private IdentityTable(
            List<Identity> identities,
            Map<String, ServerNames> namesByListener,
            Map<String, PresharedKeys> keysByListener,
            Map<String, DeviceTrust> trustByListener,
            List<X509Certificate> mirrorIssuers,
            Set<Path> files) {
        this.identities = List.copyOf(identities);
        this.namesByListener = Map.copyOf(namesByListener);
        this.keysByListener = Map.copyOf(keysByListener);
        this.trustByListener = Map.copyOf(trustByListener);
        this.mirrorIssuers = List.copyOf(mirrorIssuers);
        this.files = Set.copyOf(files);
    }

    /**
     * What came of loading.
     *
     * @param table null where there is any error
     * @param problems every error and warning, in the order of the configuration
     */
    public record Loading(@Nullable IdentityTable table, List<Problem> problems) {}

    /** Reads and checks every certificate, and every file of keys or denied devices, that the configuration names. */
    public static Loading load(Configuration configuration, Instant now) {
        IdentityReader reader = new IdentityReader(configuration, now);
        List<IdentityConfig> entries = configuration.identities();
        List<IdentityReader.Result> results = IntStream.range(0, entries.size())
                .parallel()
                .mapToObj(position -> reader.read(position, entries.get(position)))
                .toList();

        List<Problem> problems = new ArrayList<>();
        Map<String, Identity> byName = new HashMap<>();
        for (IdentityReader.Result result : results) {
            problems.addAll(result.problems());
            if (result.identity() != null) {
                byName.putIfAbsent(result.identity().name(), result.identity());
            }
        }
        Map<String, ServerNames> names = names(configuration.listeners(), byName, problems);
        Map<String, PresharedKeys> keys = presharedKeys(configuration.listeners(), problems);
        FileReference denyList = configuration.devices().denyList();
        if (denyList != null) {
            problems.addAll(DenyList.read(denyList).problems());
        }
        Map<String, DeviceTrust> trust = deviceTrust(configuration.listeners(), now, problems);
        List<X509Certificate> mirrorIssuers = new AuthorityReader(now).read(configuration.mirror(), problems);
        if (problems.stream().anyMatch(Problem::isError)) {
            return new Loading(null, List.copyOf(problems));
        }
        List<Identity> identities =
                results.stream().map(IdentityReader.Result::identity).toList();
        IdentityTable table = new IdentityTable(identities, names, keys, trust, mirrorIssuers, files(configuration));
        return new Loading(table, List.copyOf(problems));
    }

    private static Map<String, ServerNames> names(
            List<ListenerConfig> listeners, Map<String, Identity> byName, List<Problem> problems) {
        Map<String, ServerNames> names = new HashMap<>();
        for (int i = 0; i < listeners.size(); i++) {
            ListenerConfig listener = listeners.get(i);
            List<Identity> identities = listener.identities().stream()
                    .distinct()
                    .map(byName::get)
                    .filter(Objects::nonNull)
                    .toList();
            problems.addAll(NameClaims.conflicts("listeners[" + i + "].identities", identities));
            if (identities.size() == listener.identities().size()) {
                problems.addAll(SuiteRules.check("listeners[" + i + "]", listener, identities));
            }
            names.put(listener.name(), ServerNames.of(identities, listener.strictSni()));
        }
        return names;
    }

    private static Map<String, PresharedKeys> presharedKeys(List<ListenerConfig> listeners, List<Problem> problems) {
        Map<String, PresharedKeys> keys = new HashMap<>();
        for (int i = 0; i < listeners.size(); i++) {
            DtlsConfig dtls = listeners.get(i).dtls();
            Findings findings = new Findings("listeners[" + i + "].dtls");
            PresharedKeys read = dtls.psk() == null ? PresharedKeys.NONE : PresharedKeys.read(dtls.psk(), findings);
            if (dtls.sessionKey() != null) {
                SessionKey.check(dtls.sessionKey(), findings);
            }
            problems.addAll(findings.problems());
            keys.put(listeners.get(i).name(), read == null ? PresharedKeys.NONE : read);
        }
        return keys;
    }

    private static Map<String, DeviceTrust> deviceTrust(
            List<ListenerConfig> listeners, Instant now, List<Problem> problems) {
        DeviceTrustReader reader = new DeviceTrustReader(now);
        Map<String, DeviceTrust> trust = new HashMap<>();
        for (int i = 0; i < listeners.size(); i++) {
            ClientAuthConfig config = listeners.get(i).clientAuth();
            Findings findings = new Findings("listeners[" + i + "].clientAuth");
            DeviceTrust read = config == null ? null : reader.read(config, findings);
            problems.addAll(findings.problems());
            if (read != null) {
                trust.put(listeners.get(i).name(), read);
            }
        }
        return trust;
    }

    /** In the order of the configuration. */
    public List<Identity> identities() {
        return identities;
    }

    /**
     * The identities of one listener, by server name.
     *
     * @throws IllegalArgumentException if the configuration has no such listener
     */
    public ServerNames names(String listener) {
        return ofListener(listener, namesByListener);
    }

    /**
     * The pre-shared keys of one listener's devices; {@link PresharedKeys#NONE} where it has no file of them.
     *
     * @throws IllegalArgumentException if the configuration has no such listener
     */
    public PresharedKeys presharedKeys(String listener) {
        return ofListener(listener, keysByListener);
    }

    /** Which devices' certificates one listener believes; null where it asks for none. */
    public @Nullable DeviceTrust deviceTrust(String listener) {
        return trustByListener.get(listener);
    }

    /** Every CA that a listener believes about its devices: trust anchors and intermediates. */
    public Set<X509Certificate> deviceAuthorities() {
        return trustByListener.values().stream()
                .flatMap(trust -> trust.authorityCertificates().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The CA certificates of {@code mirror.issuers}, in its order; empty where there is no mirror. */
    public List<X509Certificate> mirrorIssuers() {
        return mirrorIssuers;
    }

    private static <T> T ofListener(String listener, Map<String, T> byListener) {
        T found = byListener.get(listener);
        if (found == null) {
            throw new IllegalArgumentException("no listener \"" + listener + "\"");
        }
        return found;
    }

    /** Every file that this table was read from: what to watch. */
    public Set<Path> files() {
        return files;
    }

    /**
     * Every file of certificates, keys, passwords, issuers, pre-shared keys and trust anchors that a configuration
     * names. Watching them before loading misses no change.
     */
    public static Set<Path> files(Configuration configuration) {
        Set<Path> files = new LinkedHashSet<>();
        for (IdentityConfig identity : configuration.identities()) {
            add(files, identity.certificate());
            add(files, identity.keyPassword());
            add(files, identity.issuers());
            switch (identity.key()) {
                case KeySource.PemKey(FileReference file) -> add(files, file);
                case KeySource.TokenKey(String written) -> addPinSource(files, written);
            }
        }
        for (ListenerConfig listener : configuration.listeners()) {
            add(files, listener.dtls().psk());
            if (listener.clientAuth() != null) {
                add(files, listener.clientAuth().trustAnchors());
                add(files, listener.clientAuth().intermediates());
            }
        }
        if (configuration.mirror() != null) {
            configuration.mirror().issuers().forEach(issuer -> add(files, issuer.certificate()));
        }
        return files;
    }

    private static void addPinSource(Set<Path> files, String written) {
        try {
            Path source = TokenUri.parse(written).pinSource();
            if (source != null) {
                files.add(source);
            }
        } catch (IllegalArgumentException e) {
            // loading says so
        }
    }

    private static void add(Set<Path> files, @Nullable FileReference file) {
        if (file != null) {
            files.add(file.path());
        }
    }
}
