package io.staplegate.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.staplegate.config.Configuration;
import io.staplegate.config.OcspConfig;
import io.staplegate.device.Inquiry.Finding;
import io.staplegate.device.ServedIssuers.ServedIssuer;
import io.staplegate.device.Word.Silence;
import io.staplegate.fetch.Backoff;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.Fingerprint;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.store.FileStore;
import io.staplegate.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What OCSP responders say of devices' certificates: each is asked about once for all who wait, what they said is kept
 * in memory and on disk, and refreshed at half-life while the device is in, or was here today.
 */
final class OcspSource implements RevocationSource, AutoCloseable {
    private static final int MOST_HELD = 200_000;

    /** A file takes 4 KiB of most disks: 400 MiB. */
    private static final int MOST_FILES = 100_000;

    /** A whole fleet that reconnects, each device waiting for its turn on a virtual thread. */
    private static final int MOST_SEARCHES = 100_000;

    /** Those who refresh stand in one line with those who ask: it shall not be long. */
    private static final int MOST_REFRESHES = 128;

    private static final int MOST_ISSUERS = 10_000;

    /** Who waits has a limit of its own. */
    private static final Duration PATIENCE = Duration.ofHours(1);

    /** The places of the client are limit enough for those who ask. */
    private final Semaphore asking = new Semaphore(Integer.MAX_VALUE);

    private final Semaphore searches = new Semaphore(MOST_SEARCHES);
    private final Semaphore refreshes = new Semaphore(MOST_REFRESHES);
    private final int refreshesPerIssuer;
    private final ClockGuard clock;
    private final CertIdHash hash;
    private final Schedule schedule;
    private final OcspValidator validator;
    private final Inquiry inquiry;
    private final AnswerFiles files;
    private final Flights<Fingerprint, Word> flights = new Flights<>(PATIENCE, Silence.NOTHING);
    private final RefreshAhead<Fingerprint> refresher;
    private final Cache<Fingerprint, Held> held =
            Caffeine.newBuilder().maximumSize(MOST_HELD).build();
    private final Cache<Issuer, ServedIssuer> issuers =
            Caffeine.newBuilder().maximumSize(MOST_ISSUERS).build();
    private final Consumer<Credential> changed;

    /**
     * Makes the source.
     *
     * @param client with places that are for devices alone
     * @param changed told of each certificate about which something new is known, on the thread that found out
     * @param pace how often the refresher looks at what is known
     */
    OcspSource(
            Configuration configuration,
            ResponderClient client,
            ClockGuard clock,
            Telemetry telemetry,
            Consumer<Credential> changed,
            Duration pace) {
        OcspConfig config = configuration.ocsp();
        Backoff backoff = new Backoff(config.retryInitial(), config.retryMax());
        FileStore store = new FileStore(
                configuration.state().directory().resolve("devices"),
                ".ocsp",
                OcspValidator.MAX_RESPONSE_BYTES,
                telemetry);
        this.clock = clock;
        this.changed = changed;
        this.hash = config.certIdHash() == OcspConfig.CertIdHash.SHA1 ? CertIdHash.SHA1 : CertIdHash.SHA256;
        this.schedule = new Schedule(
                Duration.ZERO, config.minInterval(), configuration.devices().recheck(), backoff);
        this.validator = new OcspValidator(config.clockSkew(), null);
        this.inquiry = new Inquiry(client, validator, config.upstream(), config.timeout(), clock);
        this.refreshesPerIssuer = Math.max(1, configuration.devices().maxConcurrentFetches() / 4);
        this.files = new AnswerFiles(store, MOST_FILES, validator, clock, this::fileNames);
        this.refresher = new RefreshAhead<>(held.asMap(), refreshes, this::refresh, clock);
        refresher.start(pace);
    }

    @Override
    public Word known(Credential credential, Instant now) {
        Held known = held.getIfPresent(credential.fingerprint());
        if (known == null) {
            return credential.issuer().responders().isEmpty() ? Silence.NO_SOURCE : Silence.NOTHING;
        }
        return known.wordAt(now);
    }

    @Override
    public CompletableFuture<Word> find(Credential credential) {
        Instant now = clock.instant();
        Held known = held.getIfPresent(credential.fingerprint());
        boolean isOffered = credential.staple() != null;
        if (known != null) {
            known.asked(now);
        }
        if (!isOffered && credential.issuer().responders().isEmpty()) {
            return CompletableFuture.completedFuture(known(credential, now));
        }
        if (known != null && (known.holdsAt(now) || (known.isHeldBackAt(now) && !isOffered))) {
            return CompletableFuture.completedFuture(known.wordAt(now));
        }
        return flights.join(credential.fingerprint(), searches, () -> search(credential));
    }

    @Override
    public void use(Credential credential, boolean isNeeded) {
        Held known = held.getIfPresent(credential.fingerprint());
        if (known != null) {
            known.asked(clock.instant());
        } else if (isNeeded) {
            var _ = find(credential);
        }
    }

    /** Looks at what a device sent of itself, where that may be news and nobody looks already. Never blocks. */
    void consider(Credential credential) {
        Held known = held.getIfPresent(credential.fingerprint());
        if (credential.staple() != null && (known == null || known.isOldAt(clock.instant()))) {
            var _ = flights.join(credential.fingerprint(), searches, () -> search(credential));
        }
    }

    /** Interrupts what is under way, and waits until what was found is on disk: 5 seconds at most. */
    @Override
    public void close() {
        refresher.close();
        flights.close();
        files.close();
    }

    /** Finds out what memory does not have: by the disk, by what the device sent, and by asking. Blocks. */
    private Word search(Credential credential) throws InterruptedException {
        CertId id = id(credential);
        if (held.getIfPresent(credential.fingerprint()) == null) {
            OcspAnswer kept = files.readLast(id, credential.issuer().certificate());
            if (kept != null) {
                learn(credential, before -> before.with(kept, Evidence.OCSP, schedule, clock.instant()));
            }
        }
        takeStaple(credential);
        Instant now = clock.instant();
        Held known = held.getIfPresent(credential.fingerprint());
        if (known != null && (known.holdsAt(now) || known.isHeldBackAt(now))) {
            return known.wordAt(now);
        }
        return ask(credential, asking);
    }

    private void takeStaple(Credential credential) {
        byte[] staple = credential.staple();
        if (staple == null) {
            return;
        }
        Instant now = clock.instant();
        for (CertIdHash either : CertIdHash.values()) {
            CertId id = CertId.of(either, credential.issuer().certificate(), credential.serial());
            OcspAnswer answer =
                    usable(validator.judge(staple, id, credential.issuer().certificate(), now));
            if (answer != null) {
                learn(credential, before -> before.with(answer, Evidence.STAPLE, schedule, now));
                return;
            }
        }
    }

    private static @Nullable OcspAnswer usable(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Good good -> good.answer();
            case Verdict.Revoked revoked -> revoked.answer();
            case Verdict.Unknown _, Verdict.Unusable _ -> null;
        };
    }

    private Word ask(Credential credential, Semaphore places) throws InterruptedException {
        if (credential.issuer().responders().isEmpty()) {
            return known(credential, clock.instant());
        }
        CertId id = id(credential);
        Finding finding = inquiry.ask(served(credential), places, id, OcspRequest.encode(id));
        Instant now = clock.instant();
        if (finding instanceof Finding.Answer(OcspAnswer answer) && answer.status() != Status.UNKNOWN) {
            files.keep(id, answer, now);
        }
        return learn(credential, before -> switch (finding) {
                    case Finding.Answer(OcspAnswer answer) -> before.with(answer, Evidence.OCSP, schedule, now);
                    case Finding.Nothing _ -> before.failed(schedule, now);
                    case Finding.NotAsked _ -> before.waiting(now);
                })
                .wordAt(now);
    }

    private void refresh(Fingerprint fingerprint) {
        Held known = held.getIfPresent(fingerprint);
        if (known != null) {
            Credential credential = known.credential();
            var _ = flights.join(
                    fingerprint,
                    refreshes,
                    () -> ask(credential, served(credential).refreshing()));
        }
    }

    private Held learn(Credential credential, UnaryOperator<Held> step) {
        Instant now = clock.instant();
        Word[] before = {Silence.NOTHING};
        Held after = Objects.requireNonNull(held.asMap().compute(credential.fingerprint(), (_, known) -> {
            Held start = known == null ? Held.nothing(credential, now) : known;
            before[0] = start.wordAt(now);
            return step.apply(start);
        }));
        if (!after.wordAt(now).equals(before[0])) {
            changed.accept(after.credential());
        }
        return after;
    }

    private CertId id(Credential credential) {
        return CertId.of(hash, credential.issuer().certificate(), credential.serial());
    }

    private ServedIssuer served(Credential credential) {
        return issuers.get(
                credential.issuer(),
                issuer -> new ServedIssuer(
                        issuer.certificate(), issuer.responders(), asking, new Semaphore(refreshesPerIssuer, true)));
    }

    private Set<String> fileNames() {
        return held.asMap().values().stream()
                .map(known -> id(known.credential()).fileName())
                .collect(Collectors.toSet());
    }
}
