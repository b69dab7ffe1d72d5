package io.staplegate.staple;

import io.staplegate.config.Configuration;
import io.staplegate.config.OcspConfig;
import io.staplegate.fetch.Backoff;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.fetch.ResponderView;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The room's front door: the staples of every identity, kept fresh in the background. */
public final class Staples implements AutoCloseable {
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
    private final OcspValidator validator;
    private final RefreshPolicy policy;
    private final OutageLog outages;
    private final ResponderClient client;
    private final Archive archive;
    private final Refresher refresher;
    private final Intake intake;
    private final FirstAnswers firstAnswers;
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
        this.firstAnswers = new FirstAnswers(patience, config.startTimeout(), clock);
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
        firstAnswers.await(track(identities, identities));
    }

    /**
     * Serves another table from now on, where no {@code must} identity loses its staple by that; returns whether it
     * does. Waits before for the staples of new certificates as {@link #start} does. Until then, and for good where the
     * answer is no, what is in force stays as it is: in memory, refreshed, exported, told by metrics, for the mirror.
     *
     * <p>Of staples of certificates that remain, nothing changes. The table before can still be asked for, until the
     * next call. Not to be called by two threads at a time.
     */
    public boolean retarget(IdentityTable table) throws InterruptedException {
        return retarget(table.identities());
    }

    boolean retarget(List<Identity> others) throws InterruptedException {
        List<Identity> inForce =
                catalogue.chains().stream().map(PublishedChain::identity).toList();
        List<Identity> both =
                Stream.concat(inForce.stream(), others.stream()).distinct().toList();
        boolean loseNothing = false;
        try {
            List<PublishedChain> prepared = track(both, inForce);
            firstAnswers.await(prepared);
            loseNothing = haveStaples(prepared) || !ready();
        } finally {
            List<Identity> staying = loseNothing ? others : inForce;
            track(staying, staying);
        }
        return loseNothing;
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

    /** Whether an answer says other than what is known of a certificate of ours (by any hash), and is no newer. */
    public boolean contradicts(CertId asked, OcspAnswer answer) {
        return catalogue.contradicts(asked, answer, clock.instant());
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
        FirstAnswers.await(certificates.stream().map(refresher::look), FOREVER);
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

    /** What is known of the responders that were asked: for staples, and by the same client for devices. */
    public List<ResponderView> responders() {
        return client.view();
    }

    /** Whether every {@code must} identity, and every one whose certificate demands it (R32), has a good staple. */
    public boolean ready() {
        return haveStaples(catalogue.chains());
    }

    private boolean haveStaples(List<PublishedChain> chains) {
        long now = clock.millis();
        return chains.stream()
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

    /**
     * Keeps identities stapled, and no others, and serves those of them that are in force. Returns the chains that are
     * new. The plan, which can fail, comes first.
     *
     * @param all the others are prepared: shown to nobody but who asks for their staples
     */
    private synchronized List<PublishedChain> track(List<Identity> all, List<Identity> inForce) {
        Plan plan = Plan.of(all, config.upstream());
        Catalogue before = catalogue;
        Catalogue after = before.next(
                plan, inForce, policy, target -> new TrackedCertificate(target, validator, policy, telemetry));

        Instant now = clock.instant();
        List<PublishedChain> added = after.without(before);
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
        before.giveWay(after, telemetry, now);
        outages.retain(plan.targets().keySet());
        archive.serve(plan.targets().keySet(), after.chains());
        refresher.serve(after.certificates().values());
        return added;
    }
}
