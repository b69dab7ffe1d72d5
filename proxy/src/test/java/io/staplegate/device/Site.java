package io.staplegate.device;

import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.DevicesConfig;
import io.staplegate.config.LogConfig;
import io.staplegate.config.OcspConfig;
import io.staplegate.config.SocketAddress;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.StatusBook;
import io.staplegate.device.Answers.Answer;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.DevicePath;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A CA of devices with a responder of its own, on a clock that a test moves, and the room under test. */
final class Site implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    static final Duration VALIDITY = Duration.ofDays(4);
    static final Duration LEEWAY = Duration.ofSeconds(5);

    private static final Duration YEARS = Duration.ofDays(3_650);
    private static final Duration PACE = Duration.ofMillis(20);
    private static final long MOST_BYTES = 64 * 1024 * 1024;
    private static final KeyPair KEYS = Authority.newKeys("EC");

    final AtomicReference<Instant> now = new AtomicReference<>(START);
    final InstantSource clock = now::get;
    final Telemetry telemetry = new Telemetry(clock);
    final Authority ca = authority("Devices CA");
    final StatusBook book = new StatusBook(VALIDITY, clock).open(ca);
    final FaultyResponder responder;
    /** What is known better than those who were asked know it: a test sets this. */
    volatile BiPredicate<CertId, OcspAnswer> better = (_, _) -> false;

    private final Path directory;
    private final Duration timeout;

    /** A room, and the client that it asks with. */
    record Room(Answers answers, ResponderClient client) implements AutoCloseable {
        @Override
        public void close() {
            answers.close();
            client.close();
        }

        Answer ask(CertId id) {
            return await(begin(id));
        }

        /** The answer that is to come, for somebody who may begin a fetch. */
        CompletableFuture<Answer> begin(CertId id) {
            return answers.ask(id, () -> true);
        }
    }

    Site(Path directory) throws IOException {
        this(directory, Duration.ofSeconds(10));
    }

    Site(Path directory, Duration timeout) throws IOException {
        this.directory = directory;
        this.timeout = timeout;
        this.responder = FaultyResponder.start(book);
    }

    void move(Duration step) {
        now.updateAndGet(before -> before.plus(step));
    }

    /** A CA that has been there for a month. */
    static Authority authority(String name) {
        return Authority.root(name, START.minus(Duration.ofDays(30)), YEARS);
    }

    X509Certificate device(String name) {
        return ca.issue(Issuance.named(name).valid(START.minus(Duration.ofDays(30)), YEARS), KEYS.getPublic());
    }

    /** A device whose certificate names the responder, as its path was validated. */
    DevicePath path(String name) {
        return path(name, Issuance.named(name).responders(responder.url()));
    }

    /** A device whose certificate says this. */
    DevicePath path(String name, Issuance issuance) {
        Issuance valid = issuance.valid(START.minus(Duration.ofDays(30)), YEARS);
        return new DevicePath(List.of(ca.issue(valid, KEYS.getPublic()), ca.certificate()), name);
    }

    CertId id(X509Certificate certificate) {
        return CertId.of(CertIdHash.SHA1, certificate, ca.certificate());
    }

    /** The CA, with its responder. */
    Issuer issuer() {
        return issuer(responder.url());
    }

    Issuer issuer(URI... responders) {
        return new Issuer(ca.certificate(), List.of(responders), List.of());
    }

    /** A room that answers for the CA. */
    Room room() {
        return room(clock);
    }

    /** A room that serves nobody yet. */
    Room room(long mostBytes, @Nullable URI upstream) {
        return room(mostBytes, upstream, clock);
    }

    /** A room that answers for the CA, on another clock than the responder's. */
    Room room(InstantSource system) {
        Room room = room(MOST_BYTES, null, system);
        room.answers.serve(List.of(issuer()));
        return room;
    }

    private Room room(long mostBytes, @Nullable URI upstream, InstantSource system) {
        Configuration configuration = configuration(upstream);
        ClockGuard guard = new ClockGuard(system, configuration.ocsp().clockSkew(), telemetry);
        ResponderClient client = new ResponderClient(configuration.ocsp(), guard, telemetry);
        return new Room(
                new Answers(
                        configuration,
                        client,
                        guard,
                        (id, answer) -> better.test(id, answer),
                        telemetry,
                        mostBytes,
                        PACE),
                client);
    }

    Configuration configuration(@Nullable URI upstream) {
        return configuration(upstream, new DevicesConfig(null, null, 32));
    }

    Configuration configuration(@Nullable URI upstream, DevicesConfig devices) {
        OcspConfig ocsp = new OcspConfig(
                OcspConfig.CertIdHash.SHA1,
                LEEWAY,
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                timeout,
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                32,
                8,
                10_000,
                Duration.ofSeconds(30),
                null,
                null,
                upstream);
        SocketAddress.HostPort nowhere = new SocketAddress.HostPort("127.0.0.1", 0);
        return new Configuration(
                List.of(),
                List.of(),
                List.of(),
                ocsp,
                devices,
                new Configuration.State(directory),
                null,
                new Configuration.Admin(nowhere, null, null),
                new AccessLogConfig(AccessLogConfig.Format.OFF, null),
                new LogConfig(LogConfig.Format.TEXT, null),
                new Configuration.Shutdown(Duration.ZERO));
    }

    static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    @Override
    public void close() {
        responder.close();
    }
}
