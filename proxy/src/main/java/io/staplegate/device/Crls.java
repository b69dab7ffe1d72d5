package io.staplegate.device;

import io.staplegate.config.Configuration;
import io.staplegate.config.OcspConfig;
import io.staplegate.fetch.Backoff;
import io.staplegate.fetch.Downloads;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.Crl;
import io.staplegate.ocsp.DistributionPoints;
import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revocation lists (CRLs, RFC 5280 §5) that devices' certificates are checked against: those that are configured,
 * and those that the certificates name. In compact memory and on disk, kept fresh in the background: one thread
 * compares, every second, what is due with the clock, and a virtual thread sees to it.
 */
public final class Crls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Crls.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int MOST_SOURCES = 1_000;

    private final InstantSource clock;
    private final Telemetry telemetry;
    private final Schedule schedule;
    private final int mostSources;
    private final ListSigners signers = new ListSigners();
    private final Map<CrlPlace, CrlSource> sources = new ConcurrentHashMap<>();
    private final List<Consumer<X509Certificate>> listeners = new CopyOnWriteArrayList<>();
    private final CrlLook look;
    private final ExecutorService lookers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("device-crl-", 0).factory());
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("device-crl-refresher").factory());
    private volatile Set<CrlPlace> configured = Set.of();

    /** Makes the room, with no list in it. */
    public Crls(Configuration configuration, ResponderClient client, InstantSource clock, Telemetry telemetry) {
        this(configuration, client, clock, telemetry, PACE, MOST_SOURCES);
    }

    /** The same with another pace and size, for tests. */
    Crls(
            Configuration configuration,
            ResponderClient client,
            InstantSource clock,
            Telemetry telemetry,
            Duration pace,
            int mostSources) {
        OcspConfig config = configuration.ocsp();
        Backoff backoff = new Backoff(config.retryInitial(), config.retryMax());
        this.clock = clock;
        this.telemetry = telemetry;
        this.schedule = new Schedule(
                Duration.ZERO, config.minInterval(), configuration.devices().recheck(), backoff);
        this.mostSources = mostSources;
        this.look =
                new CrlLook(configuration, client.files(), clock, telemetry, signers, this::heldBytes, this::changed);
        var _ = ticker.scheduleWithFixedDelay(this::guardedTick, 0, pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Looks at these places from now on, beside those that certificates name. A list of theirs counts for the CA that
     * signed it.
     *
     * @param urls where lists are; others than http and https are left out
     * @param files the same on disk, DER or PEM; a change is taken within seconds
     * @param authorities CAs that are trusted already; others come with the certificates
     * @return ends when each has been looked at, whatever that found
     */
    public synchronized CompletableFuture<Void> configure(
            Collection<URI> urls, Collection<Path> files, Collection<X509Certificate> authorities) {
        authorities.forEach(this::learn);
        Set<CrlPlace> next = new LinkedHashSet<>();
        for (URI url : urls) {
            if (Downloads.canFetch(url)) {
                next.add(new CrlPlace.Web(url));
            } else {
                LOG.atInfo().addKeyValue("url", url).log("revocation list is not looked at: no http or https URL");
            }
        }
        files.forEach(file -> next.add(new CrlPlace.Local(file)));
        Set<CrlPlace> before = configured;
        configured = next;
        before.stream().filter(place -> !next.contains(place)).forEach(this::forget);
        look.prune(sources.keySet());
        return CompletableFuture.allOf(
                next.stream().map(place -> source(place).firstLook()).toArray(CompletableFuture[]::new));
    }

    /** Tells the CA whose list says something new from now on. On a thread of this room, not to be held up for long. */
    public void onChange(Consumer<X509Certificate> listener) {
        listeners.add(listener);
    }

    /**
     * What is known of a certificate now. A list that it names and that nobody asked about before begins to be fetched.
     * Never blocks: safe on an event loop.
     *
     * @param issuer trusted: who issued it, by a path that has been validated
     */
    public CrlStatus status(X509Certificate certificate, X509Certificate issuer, Instant at) {
        learn(issuer);
        List<CrlSource> asked = sourcesOf(certificate, issuer);
        CrlOpinion opinion = CrlOpinion.of(listsOf(issuer, asked.stream()).toList(), certificate);
        if (opinion != null) {
            return opinion.status(certificate, at);
        }
        boolean hasSource = !DistributionPoints.of(certificate).urls().isEmpty()
                || asked.stream().anyMatch(source -> source.mayBecomeOneOf(issuer));
        return hasSource ? new CrlStatus.Unavailable() : new CrlStatus.NoSource();
    }

    /**
     * Ends when each list that a certificate may be on has been looked at, whatever that found: then {@link #status}
     * knows all that can be known soon. At once where that is so already.
     *
     * @param issuer as for {@link #status}
     */
    public CompletableFuture<Void> arrival(X509Certificate certificate, X509Certificate issuer) {
        learn(issuer);
        CompletableFuture<?>[] pending = sourcesOf(certificate, issuer).stream()
                .map(CrlSource::firstLook)
                .filter(first -> !first.isDone())
                .toArray(CompletableFuture[]::new);
        return pending.length == 0
                ? CompletableFuture.completedFuture(null)
                // A list that has come may name deltas.
                : CompletableFuture.allOf(pending).thenCompose(_ -> arrival(certificate, issuer));
    }

    /** Interrupts what is under way, and waits for its end. */
    @Override
    public void close() {
        ticker.shutdownNow();
        lookers.shutdownNow();
        ticker.close();
        lookers.close();
        look.close();
    }

    private void learn(X509Certificate authority) {
        if (signers.add(authority)) {
            sources.values().forEach(source -> source.signerKnown(authority.getSubjectX500Principal()));
        }
    }

    /** All that may say something of a certificate: configured, named by it, and named by those as their deltas. */
    private List<CrlSource> sourcesOf(X509Certificate certificate, X509Certificate issuer) {
        Stream<URI> named = Stream.of(DistributionPoints.of(certificate), DistributionPoints.deltas(certificate))
                .flatMap(points -> points.urls().stream());
        List<CrlSource> first = Stream.concat(configured.stream(), named.map(CrlPlace.Web::new))
                .distinct()
                .map(this::source)
                .toList();
        Instant now = clock.instant();
        return Stream.concat(
                        first.stream(),
                        listsOf(issuer, first.stream())
                                .flatMap(list -> list.deltas().stream())
                                .map(url -> source(new CrlPlace.Web(url))))
                .distinct()
                .peek(source -> source.use(now))
                .toList();
    }

    private static Stream<Crl> listsOf(X509Certificate issuer, Stream<CrlSource> sources) {
        return sources.flatMap(source -> source.held().stream())
                .filter(held -> held.isOf(issuer))
                .map(HeldList::crl);
    }

    private CrlSource source(CrlPlace place) {
        CrlSource known = sources.get(place);
        return known == null ? newSource(place) : known;
    }

    /** Not under the lock of {@link #configure}, which an event loop must not wait for. */
    private CrlSource newSource(CrlPlace place) {
        if (sources.size() >= mostSources) {
            sources.values().stream()
                    .filter(source -> !configured.contains(source.place()) && !source.isUnderWay())
                    .min(Comparator.comparing(CrlSource::used))
                    .ifPresent(source -> forget(source.place()));
        }
        CrlSource source = sources.computeIfAbsent(place, _ -> new CrlSource(place, schedule, clock.instant()));
        telemetry.crls().known(place.label(), configured.contains(place));
        begin(source);
        return source;
    }

    private void forget(CrlPlace place) {
        sources.remove(place);
        telemetry.crls().forgotten(place.label());
    }

    private void guardedTick() {
        try {
            Instant now = clock.instant();
            sources.values().stream().filter(source -> source.isDueAt(now)).forEach(this::begin);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("refresh of revocation lists for devices stumbled; goes on in a second");
        }
    }

    private void begin(CrlSource source) {
        if (!source.begin()) {
            return;
        }
        try {
            lookers.execute(() -> {
                try {
                    look.at(source);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // closing
                } finally {
                    source.end();
                }
            });
        } catch (RejectedExecutionException e) {
            source.end(); // closed
        }
    }

    private long heldBytes() {
        return sources.values().stream()
                .flatMap(source -> source.held().stream())
                .mapToLong(held -> held.crl().revoked().bytes())
                .sum();
    }

    /** A list says something new: its deltas are looked for, and a newer base where it is a delta to one. */
    private void changed(HeldList list) {
        list.crl().deltas().stream().filter(Downloads::canFetch).forEach(url -> source(new CrlPlace.Web(url)));
        sources.values().stream()
                .filter(source -> source.held().stream().anyMatch(held -> isTooOldFor(list, held)))
                .forEach(CrlSource::hurry);
        listeners.forEach(listener -> listener.accept(list.signer()));
    }

    private static boolean isTooOldFor(HeldList delta, HeldList list) {
        return list.isOf(delta.signer()) && delta.crl().isTooNewFor(list.crl());
    }
}
