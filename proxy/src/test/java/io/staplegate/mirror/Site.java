package io.staplegate.mirror;

import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.DevicesConfig;
import io.staplegate.config.LogConfig;
import io.staplegate.config.MirrorConfig;
import io.staplegate.config.OcspConfig;
import io.staplegate.config.SocketAddress;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.StatusBook;
import io.staplegate.device.Answers;
import io.staplegate.device.Issuer;
import io.staplegate.device.RevocationLists;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.net.Transport;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer;
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
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A mirror for a CA of devices that has a responder, on a clock that a test moves. */
final class Site implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    static final Duration VALIDITY = Duration.ofDays(4);
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final SocketAddress.HostPort ANY_PORT = new SocketAddress.HostPort("127.0.0.1", 0);

    private static final Duration YEARS = Duration.ofDays(3_650);
    private static final KeyPair KEYS = Authority.newKeys("EC");

    final AtomicReference<Instant> now = new AtomicReference<>(START);
    final InstantSource clock = now::get;
    final Telemetry telemetry = new Telemetry(clock);
    final Authority ca;
    final StatusBook book;
    final FaultyResponder responder;
    final Map<CertId, OcspAnswer> own = new ConcurrentHashMap<>();
    final MirrorServer server;
    private final Transport transport = Transport.open(1);
    private final ResponderClient client;
    private final Answers answers;
    private final RevocationLists lists;

    /** Serves. {@code lists}: where the CA's revocation lists are. */
    Site(Path directory, MirrorConfig config, Duration patience, Authority ca, URI... lists) throws IOException {
        this.ca = ca;
        this.book = new StatusBook(VALIDITY, clock).open(ca);
        this.responder = FaultyResponder.start(book);
        Configuration configuration = configuration(directory, config);
        this.client = new ResponderClient(configuration.ocsp(), clock, telemetry);
        this.answers = new Answers(
                configuration,
                client,
                new ClockGuard(clock, configuration.ocsp().clockSkew(), telemetry),
                (_, _) -> false,
                telemetry);
        this.lists = new RevocationLists(configuration, client, clock, telemetry);
        var sources = new MirrorServer.Sources(own::get, answers, this.lists, clock);
        this.server = MirrorServer.openWith(config, sources, transport, telemetry, patience);
        Issuer issuer = new Issuer(ca.certificate(), List.of(responder.url()), List.of(lists));
        answers.serve(List.of(issuer));
        this.lists.serve(List.of(issuer));
        server.serve();
    }

    Site(Path directory, MirrorConfig config) throws IOException {
        this(directory, config, PATIENCE, authority("Devices CA"));
    }

    Site(Path directory) throws IOException {
        this(directory, config(MirrorConfig.Nonce.IGNORE));
    }

    static MirrorConfig config(MirrorConfig.Nonce nonce) {
        return new MirrorConfig(ANY_PORT, List.of(), nonce, 1000, 256, 1000);
    }

    int port() {
        return server.port();
    }

    Client connect() throws IOException {
        return new Client(port());
    }

    /** The reply to one request, over a connection of its own. */
    Client.Reply ask(CertId id, String... headers) throws IOException {
        return ask(Client.get(id, headers));
    }

    Client.Reply ask(String head) throws IOException {
        try (Client client = connect()) {
            return client.send(head).read();
        }
    }

    /** How many requests have ended so, as the metrics say. */
    double count(Telemetry.MirrorOutcome outcome) {
        String series =
                "staplegate_mirror_requests_total{outcome=\"" + outcome.name().toLowerCase(Locale.ROOT) + "\"} ";
        return telemetry
                .scrape(telemetry.contentType(null))
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    void move(Duration step) {
        now.updateAndGet(before -> before.plus(step));
    }

    static Authority authority(String name) {
        return Authority.root(name, START.minus(Duration.ofDays(30)), YEARS);
    }

    X509Certificate device(String name) {
        return device(name, ca);
    }

    static X509Certificate device(String name, Authority issuer) {
        return issuer.issue(Issuance.named(name).valid(START.minus(Duration.ofDays(30)), YEARS), KEYS.getPublic());
    }

    CertId id(X509Certificate certificate) {
        return id(CertIdHash.SHA1, certificate);
    }

    CertId id(CertIdHash hash, X509Certificate certificate) {
        return CertId.of(hash, certificate, ca.certificate());
    }

    /** A CertID of a device that nobody has asked about. */
    CertId fresh(String name) {
        return id(device(name));
    }

    private static Configuration configuration(Path directory, MirrorConfig mirror) {
        OcspConfig ocsp = new OcspConfig(
                OcspConfig.CertIdHash.SHA1,
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                32,
                8,
                10_000,
                Duration.ofSeconds(30),
                null,
                null,
                null);
        return new Configuration(
                List.of(),
                List.of(),
                List.of(),
                ocsp,
                new DevicesConfig(null, null, 32),
                new Configuration.State(directory),
                mirror,
                new Configuration.Admin(ANY_PORT, null, null),
                new AccessLogConfig(AccessLogConfig.Format.OFF, null),
                new LogConfig(LogConfig.Format.TEXT, null),
                new Configuration.Shutdown(Duration.ZERO));
    }

    @Override
    public void close() {
        server.close();
        lists.close();
        answers.close();
        client.close();
        transport.close();
        responder.close();
    }
}
