package io.staplegate.staple;

import io.staplegate.config.Configuration;
import io.staplegate.config.OcspConfig;
import io.staplegate.fetch.Backoff;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.Identity;
import io.staplegate.identity.IdentityTable;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.store.FileStore;
import io.staplegate.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room's front door: the staples of every identity, kept fresh in the background. */
public final class Staples implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Staples.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    /** Requests of so many seconds may wait for their turn: enough for the next tick to come in time. */
    private static final int SECONDS_AHEAD = 2;

    /** So often a responder that is down is probed while a start waits for it. */
    private static final int PROBES_IN_START = 6;

    private static final Duration PATIENCE = Duration.ofMillis(2500); // a healthy responder answers in far less
    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    private final OcspConfig config;
    private final ClockGuard clock;
    private final Telemetry telemetry;
    private final Duration pace;
    private final Duration patience;
    private final OcspValidator validator;
    private final RefreshPolicy policy;
    private final OutageLog outages;
    private final ResponderClient client;
    private final Archive archive;
    private final Refresher refresher;
    private final Intake intake;
    private volatile Catalogue catalogue = Catalogue.EMPTY;

    /** Makes the room; nothing runs before {@link #start}. */
    public Staples(Configuration configuration, ResponderClient client, ClockGuard clock, Telemetry telemetry) {
        this(configuration, client, clock, telemetry, PACE, PATIENCE);
    }

    /**
     * The same with other durations, for tests and simulations.
     *
     * @param pace how often the plan is compared with the clock
     * @param patience how long a start waits for staples that nobody insists on
     */
    public Staples(
            Configuration configuration,
            ResponderClient client,
            ClockGuard clock,
            Telemetry telemetry,
            Duration pace,
            Duration patience) {
        this.config = configuration.ocsp();
        this.clock = clock;
        this.telemetry = telemetry;
        this.pace = pace;
        this.patience = patience;
        // No maxAge here: an answer that the CA does not renew is better than none.
        this.validator = new OcspValidator(config.clockSkew(), null);
        this.policy = new RefreshPolicy(
                config.leeway(),
                config.minInterval(),
                config.maxAge(),
                new Backoff(config.retryInitial(), config.retryMax()));
        this.client = client;
        FileStore store =
                new FileStore(configuration.state().directory(), ".ocsp", OcspValidator.MAX_RESPONSE_BYTES, telemetry);
        this.archive = new Archive(store, new Export(validator, policy, telemetry), validator, clock);
        this.outages = new OutageLog(client.circuits(), key -> catalogue.heldUntil(key));
        Inquiry inquiry = new Inquiry(client, validator, hash(), clock);
        this.refresher = new Refresher(
                new Ladder(inquiry, client, outages, clock),
                new Agenda(
                        client.circuits(),
                        SECONDS_AHEAD * config.maxRequestsPerSecond(),
                        config.startTimeout().dividedBy(PROBES_IN_START)),
                archive,
                clock);
        this.intake = new Intake(validator, archive, clock, telemetry);
    }

    /**
     * Loads what the disk has, starts refreshing, and waits for the first staples: 2.5 seconds at most for
     * {@code auto}, up to {@code ocsp.startTimeout} for {@code must} and for certificates that demand a staple (R32).
     */
    public void start(IdentityTable table) throws InterruptedException {
        start(table.identities());
    }

    void start(List<Identity> identities) throws InterruptedException {
        refresher.start(pace);
        awaitFirstAnswers(serve(identities));
    }

    /**
     * Serves another table from now on; staples of certificates that remain are kept. Waits for those of new ones as
     * {@link #start} does, so that whoever swaps the table afterwards leaves no gap. The table before can still be
     * asked for, until the next call.
     */
    public void retarget(IdentityTable table) {
        retarget(table.identities());
    }

    void retarget(List<Identity> identities) {
        try {
            awaitFirstAnswers(serve(identities));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What can be stapled for an identity now: never anything that has expired. Safe and fast on an event loop. */
    public ChainStaples current(Identity identity) {
        PublishedChain chain = catalogue.byIdentity().get(identity);
        return chain == null ? PublishedChain.nothing(identity.chain().size()) : chain.current(clock.millis());
    }

    /**
     * The answer about one of our own certificates that holds now, good or revoked; null where there is none, or none
     * that names the certificate by the very CertID asked with (R1). Safe and fast on an event loop.
     */
    public @Nullable OcspAnswer answer(CertId asked) {
        return catalogue.answer(asked, clock.instant());
    }

    /**
     * Fetches now, and returns when that has ended. Blocks.
     *
     * @param identity null: all of them
     * @return whether the identity exists
     */
    public boolean refresh(@Nullable String identity) throws InterruptedException {
        List<PublishedChain> chains = catalogue.chains().stream()
                .filter(chain -> identity == null || chain.identity().name().equals(identity))
                .toList();
        Set<TrackedCertificate> certificates = new LinkedHashSet<>();
        chains.forEach(chain -> certificates.addAll(chain.certificates()));
        await(certificates.stream().map(refresher::look), FOREVER);
        return identity == null || !chains.isEmpty();
    }

    /**
     * Takes over one response that was carried in, where it verifies and is news. Returns what came of it, for each
     * certificate that it is about. Not for event loops: verifies signatures.
     *
     * @param response in DER, {@link Imported#MAX_BYTES} at most
     * @param since when it was written to the file that it came in: with that, it moves a clock that is behind as a
     *     file of our own does. Null: not known
     */
    public List<Imported> importResponse(byte[] response, @Nullable Instant since) {
        return intake.take(response, since, catalogue.certificates().values());
    }

    /** The responses that count now, one for each certificate, to be carried to another proxy. */
    public List<PortableResponse> export() {
        Instant now = clock.instant();
        Set<TrackedCertificate> seen = new HashSet<>();
        return catalogue.chains().stream()
                .flatMap(chain -> chain.certificates().stream()
                        .filter(seen::add)
                        .flatMap(certificate -> Stream.ofNullable(
                                PortableResponse.of(chain.identity().name(), certificate, now))))
                .toList();
    }

    /** One row for each certificate of each identity's chain but the root. */
    public List<StapleView> view() {
        Instant now = clock.instant();
        return catalogue.chains().stream()
                .flatMap(chain -> chain.view(now).stream())
                .toList();
    }

    /** Whether every {@code must} identity, and every one whose certificate demands it (R32), has a good staple. */
    public boolean ready() {
        long now = clock.millis();
        return catalogue.chains().stream()
                .filter(PublishedChain::mustStaple)
                .map(chain -> chain.current(now).staples().getFirst())
                .allMatch(leaf -> leaf != null && leaf.answer().status() == Status.GOOD);
    }

    @Override
    public void close() {
        refresher.close();
        client.close();
        archive.close();
    }

    private CertIdHash hash() {
        return switch (config.certIdHash()) {
            case SHA1 -> CertIdHash.SHA1;
            case SHA256 -> CertIdHash.SHA256;
        };
    }

    /** Serves other identities, and returns the chains that are new. The plan, which can fail, comes first. */
    private synchronized List<PublishedChain> serve(List<Identity> identities) {
        Plan plan = Plan.of(identities, config.upstream());
        Catalogue before = catalogue;
        Catalogue after =
                before.next(plan, policy, target -> new TrackedCertificate(target, validator, policy, telemetry));

        Instant now = clock.instant();
        Set<PublishedChain> known = Set.copyOf(before.chains());
        List<PublishedChain> added =
                after.chains().stream().filter(chain -> !known.contains(chain)).toList();
        identities.forEach(identity -> telemetry.identityKnown(identity.name()));
        added.forEach(chain -> chain.join(now));
        plan.targets().values().parallelStream().forEach(target -> {
            TrackedCertificate certificate = after.certificate(target.key());
            if (before.certificates().containsKey(target.key())) {
                certificate.retarget(target, now);
            } else {
                archive.restore(certificate);
                certificate.plan(now);
            }
        });
        catalogue = after;
        before.retire(after, telemetry);
        outages.retain(plan.targets().keySet());
        archive.serve(plan.targets().keySet(), after.chains());
        refresher.serve(after.certificates().values());
        return added;
    }

    private void awaitFirstAnswers(List<PublishedChain> added) throws InterruptedException {
        List<TrackedCertificate> all = added.stream()
                .flatMap(chain -> chain.certificates().stream())
                .distinct()
                .toList();
        Instant now = clock.instant();
        List<TrackedCertificate> insisted = added.stream()
                .filter(PublishedChain::mustStaple)
                .flatMap(chain -> Stream.ofNullable(chain.certificateAt(0)))
                .filter(certificate -> certificate.target().canBeAskedAt(now))
                .toList();
        insisted.forEach(certificate -> certificate.awaited(true));
        try {
            long begun = System.nanoTime();
            await(all.stream().map(TrackedCertificate::settled), patience);
            await(
                    insisted.stream().map(TrackedCertificate::answered),
                    config.startTimeout().minusNanos(System.nanoTime() - begun));
        } finally {
            insisted.forEach(certificate -> certificate.awaited(false));
        }
        insisted.stream()
                .filter(certificate -> !certificate.answered().isDone())
                .forEach(certificate -> LOG.atError()
                        .addKeyValue("certificate", certificate.target().serial())
                        .log("no staple yet, and one is a must: handshakes that ask for it are refused"));
        logFirstAnswers(all);
    }

    private static void await(Stream<CompletableFuture<Void>> all, Duration atMost) throws InterruptedException {
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.atDebug().addKeyValue("after", atMost).log("not every first staple has come: going on");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look never fails", e);
        }
    }

    private void logFirstAnswers(List<TrackedCertificate> certificates) {
        Instant now = clock.instant();
        long answered = certificates.stream()
                .filter(certificate -> certificate.isAnsweredAt(now))
                .count();
        long silent = certificates.stream()
                .filter(certificate -> certificate.target().firstAsked().isEmpty())
                .count();
        LOG.atInfo()
                .addKeyValue("certificates", certificates.size())
                .addKeyValue("answered", answered)
                .addKeyValue("withoutResponder", silent)
                .log("first staples");
    }
}
