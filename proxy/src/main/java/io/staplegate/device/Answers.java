package io.staplegate.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.staplegate.config.Configuration;
import io.staplegate.config.OcspConfig;
import io.staplegate.device.Inquiry.Finding;
import io.staplegate.device.ServedIssuers.ServedIssuer;
import io.staplegate.fetch.Backoff;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.store.FileStore;
import io.staplegate.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * OCSP answers about certificates that are not our own. Each is fetched once, when the first asks for it, and kept in
 * memory and on disk until it ends; what is in use is refreshed at half-life.
 */
public final class Answers implements AutoCloseable {
    private static final long MOST_BYTES = 64 * 1024 * 1024;
    private static final int MOST_SEARCHES = 1_000;
    private static final int MOST_REFRESHES = 32; // more would only wait for each other
    /** A file takes 4 KiB of most disks: 200 MiB. */
    private static final int MOST_FILES = 50_000;

    private static final Duration PACE = Duration.ofSeconds(1);
    private static final CompletableFuture<Answer> NOT_SERVED =
            CompletableFuture.completedFuture(new Answer.NotServed());

    private final ClockGuard clock;
    private final BiPredicate<CertId, OcspAnswer> outdated;
    private final Schedule schedule;
    private final Inquiry inquiry;
    private final AnswerFiles files;
    private final Flights<CertId, Answer> lookups;
    private final Flights<CertId, Answer> fetches;
    private final RefreshAhead<CertId> refresher;
    private final int perResponder;
    private final Cache<CertId, Known> cache;
    private final Semaphore searches = new Semaphore(MOST_SEARCHES);
    private final Semaphore refreshes = new Semaphore(MOST_REFRESHES);
    private volatile ServedIssuers served = ServedIssuers.NONE;

    /** What is known of one certificate. */
    public sealed interface Answer {
        /** A verified response, whatever it says; {@code fetched}: just now, for this question. */
        record Signed(OcspAnswer answer, boolean fetched) implements Answer {}

        /** Its CA is none that is served. */
        record NotServed() implements Answer {}

        /** Nobody could say. */
        record NotKnown() implements Answer {}

        /** It would have to be fetched, and whoever asks may not have that done. */
        record NotAllowed() implements Answer {}
    }

    /**
     * Makes the room; nothing is answered before {@link #serve}.
     *
     * @param outdated whether more is known of a certificate than an answer says: then it is not given out, and another
     *     is looked for. Fast, and safe for use by any thread
     */
    public Answers(
            Configuration configuration,
            ResponderClient client,
            ClockGuard clock,
            BiPredicate<CertId, OcspAnswer> outdated,
            Telemetry telemetry) {
        this(configuration, client, clock, outdated, telemetry, MOST_BYTES, PACE);
    }

    /**
     * The same with other bounds, for tests.
     *
     * @param mostBytes that answers may take in memory
     * @param pace how often the refresher looks at what is known
     */
    Answers(
            Configuration configuration,
            ResponderClient client,
            ClockGuard clock,
            BiPredicate<CertId, OcspAnswer> outdated,
            Telemetry telemetry,
            long mostBytes,
            Duration pace) {
        OcspConfig config = configuration.ocsp();
        OcspValidator validator = new OcspValidator(config.clockSkew(), null);
        Path directory = configuration.state().directory().resolve("answers");
        FileStore store = new FileStore(directory, ".ocsp", OcspValidator.MAX_RESPONSE_BYTES, telemetry);
        Backoff backoff = new Backoff(config.retryInitial(), config.retryMax());
        this.clock = clock;
        this.outdated = outdated;
        this.schedule = new Schedule(config.leeway(), config.minInterval(), null, backoff);
        this.inquiry = new Inquiry(client, validator, config.upstream(), config.timeout(), clock);
        this.perResponder = config.maxConcurrentPerResponder();
        this.cache = Caffeine.newBuilder()
                .maximumWeight(mostBytes)
                .weigher((CertId _, Known known) -> known.weight())
                .build();
        this.files = new AnswerFiles(
                store,
                MOST_FILES,
                validator,
                clock,
                () -> cache.asMap().keySet().stream().map(CertId::fileName).collect(Collectors.toSet()));
        this.lookups = new Flights<>(config.timeout(), new Answer.NotKnown());
        this.fetches = new Flights<>(config.timeout(), new Answer.NotKnown());
        this.refresher = new RefreshAhead<>(cache.asMap(), refreshes, this::refresh, clock);
        refresher.start(pace);
    }

    /** Answers for these CAs from now on, and for no others. */
    public void serve(List<Issuer> issuers) {
        ServedIssuers others = new ServedIssuers(issuers, perResponder);
        served = others;
        cache.asMap().keySet().removeIf(id -> others.of(id) == null);
    }

    /** Whether one of the CAs that are served is the issuer that a CertID names, by all of its hashes. */
    public boolean isServed(CertId id) {
        return served.of(id) != null;
    }

    /** The answer that is at hand, which {@link #ask} would have at once; null where it would have to search. */
    public @Nullable OcspAnswer kept(CertId id) {
        Known known = cache.getIfPresent(id);
        if (known == null) {
            return null;
        }
        Instant now = clock.instant();
        known.asked(now);
        return answer(id, known, now);
    }

    /**
     * What is known of a certificate. Never blocks: done at once where the answer is in memory, else when it has been
     * read or fetched, or could not be: at the latest after {@code ocsp.timeout}, or two where the disk hangs. Safe on
     * an event loop; what depends on it runs on any thread.
     *
     * @param mayFetch whether whoever asks may begin a fetch: asked once, just before that. It is not asked where the
     *     answer is on disk, another's fetch is joined, or it is too soon to try again
     */
    public CompletableFuture<Answer> ask(CertId id, BooleanSupplier mayFetch) {
        ServedIssuer issuer = served.of(id);
        if (issuer == null) {
            return NOT_SERVED;
        }
        Answer known = known(id);
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        return lookups.join(id, searches, () -> lookUp(id, issuer))
                .thenCompose(answer -> answer instanceof Answer.Signed
                        ? CompletableFuture.completedFuture(answer)
                        : fetched(id, issuer, mayFetch));
    }

    /** What can be said at once; null where it has to be looked for. */
    private @Nullable Answer known(CertId id) {
        OcspAnswer kept = kept(id);
        if (kept != null) {
            return new Answer.Signed(kept, false);
        }
        Known known = cache.getIfPresent(id);
        return known != null && known.isHeldBackAt(clock.instant()) ? new Answer.NotKnown() : null;
    }

    private CompletableFuture<Answer> fetched(CertId id, ServedIssuer issuer, BooleanSupplier mayFetch) {
        Answer known = known(id); // since somebody else's fetch ended just now
        if (known != null) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<Answer> flight = fetches.joinIf(mayFetch, id, searches, () -> fetchMissing(id, issuer));
        return flight != null ? flight : CompletableFuture.completedFuture(new Answer.NotAllowed());
    }

    /**
     * Asks the responder itself with a request as it came, nonce included; the response is verified, and not kept.
     *
     * @param request a DER OCSPRequest about {@code id} alone
     */
    public CompletableFuture<Answer> forward(CertId id, byte[] request) {
        ServedIssuer issuer = served.of(id);
        if (issuer == null) {
            return NOT_SERVED;
        }
        return fetches.alone(searches, () -> switch (inquiry.ask(issuer, issuer.asking(), id, request)) {
            case Finding.Answer(OcspAnswer found) when !outdated.test(id, found) -> new Answer.Signed(found, true);
            case Finding.Answer _, Finding.Nothing _, Finding.NotAsked _ -> new Answer.NotKnown();
        });
    }

    /** Interrupts what is under way, and waits until what was fetched is on disk: 5 seconds at most. */
    @Override
    public void close() {
        refresher.close();
        lookups.close();
        fetches.close();
        files.close();
    }

    /** Bytes that answers take in memory, about. */
    long weight() {
        cache.cleanUp();
        return cache.policy().eviction().orElseThrow().weightedSize().orElseThrow();
    }

    /** Finds an answer on disk where there is none in memory. Blocks. */
    private Answer lookUp(CertId id, ServedIssuer issuer) {
        OcspAnswer kept = kept(id);
        if (kept == null) {
            kept = restored(id, issuer);
        }
        return kept == null ? new Answer.NotKnown() : new Answer.Signed(kept, false);
    }

    /** Fetches an answer where none is known by now. Blocks. */
    private Answer fetchMissing(CertId id, ServedIssuer issuer) throws InterruptedException {
        Answer known = known(id);
        return known != null ? known : fetch(id, issuer, issuer.asking());
    }

    private @Nullable OcspAnswer restored(CertId id, ServedIssuer issuer) {
        OcspAnswer kept = files.read(id, issuer.certificate());
        Instant now = clock.instant(); // which the file may have moved
        if (kept == null || outdated.test(id, kept) || !now.isBefore(schedule.end(kept.nextUpdate()))) {
            return null; // and nothing is learned: an answer that is not given out would only hold a fetch back
        }
        return answer(id, learn(id, new Finding.Answer(kept), now), now);
    }

    private Answer fetch(CertId id, ServedIssuer issuer, Semaphore places) throws InterruptedException {
        Finding finding = inquiry.ask(issuer, places, id, OcspRequest.encode(id));
        Instant now = clock.instant();
        OcspAnswer answer = answer(id, learn(id, finding, now), now);
        if (answer == null) {
            return new Answer.NotKnown();
        }
        boolean isFound = finding.equals(new Finding.Answer(answer));
        if (isFound && answer.status() != Status.UNKNOWN) {
            files.keep(id, answer, now);
        }
        return new Answer.Signed(answer, isFound);
    }

    /** The answer that counts at a moment; null where there is none. */
    private @Nullable OcspAnswer answer(CertId id, Known known, Instant now) {
        OcspAnswer answer = known.answerAt(now);
        return answer == null || outdated.test(id, answer) ? null : answer;
    }

    private void refresh(CertId id) {
        ServedIssuer issuer = served.of(id);
        if (issuer != null) {
            var _ = fetches.join(id, refreshes, () -> fetch(id, issuer, issuer.refreshing()));
        }
    }

    private Known learn(CertId id, Finding finding, Instant now) {
        Known learned = Objects.requireNonNull(cache.asMap().compute(id, (_, before) -> {
            Known known = before == null ? Known.nothing(now) : before;
            return switch (finding) {
                case Finding.Answer found -> known.with(found.answer(), schedule, now);
                case Finding.Nothing _ -> known.failed(schedule, now);
                case Finding.NotAsked _ -> known.waiting(now);
            };
        }));
        if (!isServed(id)) {
            cache.invalidate(id); // its CA was left out meanwhile
        }
        return learned;
    }
}
