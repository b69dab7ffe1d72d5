package io.staplegate.staple;

import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.DevicesConfig;
import io.staplegate.config.FileReference;
import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.config.KeySource;
import io.staplegate.config.LogConfig;
import io.staplegate.config.OcspConfig;
import io.staplegate.config.OcspConfig.CertIdHash;
import io.staplegate.config.SocketAddress;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.StatusBook;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.Identity;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.FaultyResponder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A CA with an intermediate and a responder of its own, on a clock that a test moves, and the rooms under test. */
final class Site implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    static final Duration VALIDITY = Duration.ofDays(4);
    static final Duration LEEWAY = Duration.ofSeconds(5);
    static final Duration SKEW = Duration.ofMinutes(5);

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration YEARS = Duration.ofDays(3_650);
    private static final KeyPair KEYS = Authority.newKeys("EC");

    final InstantSource clock;
    final Authority root;
    final Authority intermediate;
    final StatusBook book;
    final Telemetry telemetry = new Telemetry(InstantSource.system());
    private final Instant begun;
    private FaultyResponder responder;

    /**
     * What tests change of a room.
     *
     * @param startTimeout how long a start may wait for those who must have a staple
     * @param pace how often the scheduler wakes up
     * @param patience how long a start waits for all others: long, because a machine that runs tests may be busy
     * @param upstream another Staplegate's mirror
     */
    record Settings(
            CertIdHash hash,
            Duration timeout,
            Duration startTimeout,
            Duration pace,
            Duration patience,
            int requestsPerSecond,
            @Nullable URI upstream) {
        static final Settings USUAL =
                new Settings(CertIdHash.SHA1, Duration.ofSeconds(10), LONG, Duration.ofMillis(20), LONG, 10_000, null);

        Settings hash(CertIdHash other) {
            return new Settings(other, timeout, startTimeout, pace, patience, requestsPerSecond, upstream);
        }

        Settings timeout(Duration other) {
            return new Settings(hash, other, startTimeout, pace, patience, requestsPerSecond, upstream);
        }

        Settings startTimeout(Duration other) {
            return new Settings(hash, timeout, other, pace, patience, requestsPerSecond, upstream);
        }

        Settings patience(Duration other) {
            return new Settings(hash, timeout, startTimeout, pace, other, requestsPerSecond, upstream);
        }

        Settings requestsPerSecond(int other) {
            return new Settings(hash, timeout, startTimeout, pace, patience, other, upstream);
        }

        Settings upstream(URI other) {
            return new Settings(hash, timeout, startTimeout, pace, patience, requestsPerSecond, other);
        }

        /** The scheduler never wakes up. */
        Settings stuck() {
            return new Settings(hash, timeout, startTimeout, Duration.ofDays(1), patience, requestsPerSecond, upstream);
        }
    }

    Site(InstantSource clock) throws IOException {
        this(clock, VALIDITY);
    }

    Site(InstantSource clock, Duration validity) throws IOException {
        this.clock = clock;
        begun = clock.instant().minus(Duration.ofDays(30));
        book = new StatusBook(validity, clock);
        responder = FaultyResponder.start(book);
        root = Authority.root("Root", begun, YEARS);
        intermediate = root.intermediate(
                Issuance.named("Intermediate").valid(begun, YEARS).responders(responder.url()));
        book.open(root).open(intermediate);
    }

    FaultyResponder responder() {
        return responder;
    }

    long openCircuits() {
        return lines("staplegate_responder_circuit_open{")
                .filter(line -> line.endsWith(" 1.0"))
                .count();
    }

    /** The looks that have asked somebody, and have ended. */
    int looks() {
        return looks(_ -> true);
    }

    int failedLooks() {
        return looks(line -> line.contains("outcome=\"failed\""));
    }

    private int looks(Predicate<String> which) {
        return lines("staplegate_staple_refreshes_total{")
                .filter(which)
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private Stream<String> lines(String prefix) {
        return telemetry.scrape("text/plain").lines().filter(line -> line.startsWith(prefix));
    }

    void stopResponder() {
        responder.close();
    }

    /** Starts an honest responder where the stopped one was. */
    void startResponder() throws IOException {
        responder = FaultyResponder.start(responder.port(), book);
    }

    /** A leaf below the intermediate that names the responder. */
    Issuance leaf(String name) {
        return Issuance.named(name).valid(begun, YEARS).serverAuth().responders(responder.url());
    }

    Identity identity(String name) {
        return identity(config(name), leaf(name));
    }

    /** An identity whose chain is a leaf and the intermediate, the root beside it. */
    Identity identity(IdentityConfig config, Issuance leaf) {
        X509Certificate certificate = intermediate.issue(leaf, KEYS.getPublic());
        return identity(config, certificate);
    }

    Identity identity(IdentityConfig config, X509Certificate leaf) {
        List<X509Certificate> chain = List.of(leaf, intermediate.certificate());
        return new Identity(config, chain, List.of(root.certificate()), KEYS.getPrivate(), false);
    }

    static IdentityConfig config(String name) {
        FileReference none = new FileReference("none.pem", Path.of("none.pem"));
        return new IdentityConfig(
                name,
                none,
                new KeySource.PemKey(none),
                null,
                null,
                Stapling.AUTO,
                StatusScope.CHAIN,
                OnRevoked.STAPLE,
                List.of(),
                List.of());
    }

    static IdentityConfig with(IdentityConfig config, Stapling stapling) {
        return copy(config, stapling, config.statusScope(), config.onRevoked(), config.responders(), config.export());
    }

    static IdentityConfig with(IdentityConfig config, StatusScope scope) {
        return copy(config, config.stapling(), scope, config.onRevoked(), config.responders(), config.export());
    }

    static IdentityConfig with(IdentityConfig config, OnRevoked onRevoked) {
        return copy(config, config.stapling(), config.statusScope(), onRevoked, config.responders(), config.export());
    }

    static IdentityConfig respondedBy(IdentityConfig config, URI... responders) {
        return copy(
                config,
                config.stapling(),
                config.statusScope(),
                config.onRevoked(),
                List.of(responders),
                config.export());
    }

    static IdentityConfig exportedTo(IdentityConfig config, Path file) {
        List<FileReference> files = List.of(new FileReference(file.toString(), file));
        return copy(config, config.stapling(), config.statusScope(), config.onRevoked(), config.responders(), files);
    }

    /** A room on a state directory, not started. */
    Staples room(Path directory) {
        return room(directory, UnaryOperator.identity());
    }

    Staples room(Path directory, UnaryOperator<Settings> change) {
        return room(directory, change, new ClockGuard(clock, SKEW, telemetry));
    }

    /** The same, on another clock than that of the responder. */
    Staples room(Path directory, UnaryOperator<Settings> change, ClockGuard guard) {
        Settings settings = change.apply(Settings.USUAL);
        OcspConfig ocsp = ocsp(settings);
        SocketAddress.HostPort nowhere = new SocketAddress.HostPort("127.0.0.1", 0);
        Configuration configuration = new Configuration(
                List.of(),
                List.of(),
                List.of(),
                ocsp,
                new DevicesConfig(null, null, 32),
                new Configuration.State(directory),
                null,
                new Configuration.Admin(nowhere, null, null),
                new AccessLogConfig(AccessLogConfig.Format.OFF, null),
                new LogConfig(LogConfig.Format.TEXT, null),
                new Configuration.Shutdown(Duration.ZERO));
        ResponderClient client = new ResponderClient(ocsp, guard, telemetry);
        return new Staples(configuration, client, guard, telemetry, settings.pace, settings.patience);
    }

    static OcspConfig ocsp(Settings settings) {
        return new OcspConfig(
                settings.hash,
                LEEWAY,
                SKEW,
                Duration.ofMillis(100),
                settings.timeout,
                Duration.ofMillis(100),
                Duration.ofHours(1),
                32,
                8,
                settings.requestsPerSecond,
                settings.startTimeout,
                null,
                null,
                settings.upstream);
    }

    @Override
    public void close() {
        responder.close();
    }

    private static IdentityConfig copy(
            IdentityConfig of,
            Stapling stapling,
            StatusScope scope,
            OnRevoked onRevoked,
            List<URI> responders,
            List<FileReference> export) {
        return new IdentityConfig(
                of.name(), of.certificate(), of.key(), null, null, stapling, scope, onRevoked, responders, export);
    }
}
