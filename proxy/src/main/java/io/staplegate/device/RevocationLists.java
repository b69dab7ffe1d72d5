package io.staplegate.device;

import io.staplegate.config.Configuration;
import io.staplegate.config.OcspConfig;
import io.staplegate.fetch.Backoff;
import io.staplegate.fetch.Download;
import io.staplegate.fetch.Download.Version;
import io.staplegate.fetch.Downloads;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.CrlValidator;
import io.staplegate.ocsp.CrlVerdict;
import io.staplegate.ocsp.Verdict.Reason;
import io.staplegate.store.FileStore;
import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revocation lists (CRLs, RFC 5280 §5) of the CAs that are served, in memory and on disk, kept fresh in the
 * background: one thread compares, every second, what is due with the clock, and a virtual thread fetches it.
 */
public final class RevocationLists implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationLists.class);
    private static final Duration PACE = Duration.ofSeconds(1);

    /** All lists in memory, in bytes. */
    private static final long MOST_BYTES = 128L * 1024 * 1024;

    private final Downloads downloads;
    private final InstantSource clock;
    private final Schedule schedule;
    private final CrlValidator validator;
    private final FileStore store;
    private final Set<TrackedList> underWay = ConcurrentHashMap.newKeySet();
    private final ExecutorService fetchers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("crl-", 0).factory());
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("crl-refresher").factory());
    private volatile Shelf shelf = Shelf.EMPTY;

    /**
     * A list whose signature has been verified.
     *
     * @param nextUpdate never null: a list without one is not kept (RFC 5280 §5.1.2.5)
     */
    public record RevocationList(byte[] der, Instant thisUpdate, Instant nextUpdate) {}

    /** Makes the room; nothing is kept before {@link #serve}. */
    public RevocationLists(
            Configuration configuration, ResponderClient client, InstantSource clock, Telemetry telemetry) {
        this(configuration, client, clock, telemetry, PACE);
    }

    /** The same with another pace, for tests. */
    RevocationLists(
            Configuration configuration,
            ResponderClient client,
            InstantSource clock,
            Telemetry telemetry,
            Duration pace) {
        OcspConfig config = configuration.ocsp();
        Backoff backoff = new Backoff(config.retryInitial(), config.retryMax());
        Path directory = configuration.state().directory().resolve("crls");
        this.downloads = client.downloads();
        this.clock = clock;
        this.schedule = new Schedule(Duration.ZERO, config.minInterval(), null, backoff);
        this.validator = new CrlValidator(config.clockSkew());
        this.store = new FileStore(directory, ".crl", Downloads.LARGEST, telemetry);
        var _ = ticker.scheduleWithFixedDelay(this::guardedTick, 0, pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Keeps the lists of these CAs from now on, and no others. Those that are on disk, and verify, are there when this
     * returns. Blocks for as long as it takes to read them.
     */
    public synchronized void serve(List<Issuer> issuers) {
        Map<String, TrackedList> before =
                shelf.lists().stream().collect(Collectors.toMap(TrackedList::key, list -> list));
        Map<String, TrackedList> after = new LinkedHashMap<>();
        for (Issuer issuer : issuers) {
            for (URI url : issuer.lists()) {
                TrackedList list = new TrackedList(url, issuer.certificate(), schedule);
                if (Downloads.canFetch(url)) {
                    after.putIfAbsent(list.key(), before.getOrDefault(list.key(), list));
                } else {
                    LOG.atInfo().addKeyValue("url", url).log("revocation list is not kept: no http or https URL");
                }
            }
        }
        Shelf next = new Shelf(after.values());
        after.forEach((key, list) -> {
            if (!before.containsKey(key)) {
                restore(list, next);
            }
        });
        // Not before: what is there and not restored is fetched at once.
        shelf = next;
        store.prune(after.keySet(), clock.instant());
    }

    /**
     * The list that a CA publishes at a URL with this path and query, as long as it is valid: the same object while it
     * is the same list. Safe on an event loop.
     *
     * @param host of the URL, without port: decides where two CAs have the same; else it does not matter
     * @param path percent-decoded, with a slash first
     * @param query as it is written, without its question mark; empty where there is none
     */
    public @Nullable RevocationList find(@Nullable String host, String path, String query) {
        return shelf.find(host, path, query, clock.instant());
    }

    /** Interrupts what is under way, and waits for its end. */
    @Override
    public void close() {
        ticker.shutdownNow();
        fetchers.shutdownNow();
        ticker.close();
        fetchers.close();
        store.close();
    }

    private void guardedTick() {
        try {
            Instant now = clock.instant();
            shelf.lists().stream().filter(list -> list.isDueAt(now)).forEach(this::begin);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("refresh of revocation lists stumbled; goes on in a second");
        }
    }

    private void begin(TrackedList list) {
        if (!underWay.add(list)) {
            return;
        }
        try {
            fetchers.execute(() -> {
                try {
                    fetch(list);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt(); // closing
                } catch (RuntimeException e) {
                    LOG.atError()
                            .setCause(e)
                            .addKeyValue("url", list.url())
                            .log("fetch of a revocation list broke off");
                    list.failed("internal error: " + e, null, clock.instant());
                } finally {
                    underWay.remove(list);
                }
            });
        } catch (RejectedExecutionException e) {
            underWay.remove(list); // closed
        }
    }

    private void fetch(TrackedList list) throws InterruptedException {
        Instant before = clock.instant();
        Refusal known = list.refusalAt(before);
        Download download = downloads.get(list.url(), known == null ? list.versionAt(before) : known.version());
        Instant now = clock.instant();
        switch (download) {
            case Download.Unchanged _ when known != null -> list.refused(known, now);
            case Download.Unchanged _ -> list.fetched(list.versionAt(now), now);
            case Download.Failed failed -> list.failed(failed.text(), failed.retryAfter(), now);
            case Download.TooLarge(String text, Version version) ->
                list.refused(new Refusal(version.exact(), text, Instant.MAX, now), now);
            case Download.Content(byte[] der, Version version, boolean isWhole) -> {
                Version judged = isWhole ? version.exact() : Version.NONE;
                Refusal refusal = list.isHeldAt(now, der) ? null : take(list, der, judged, now);
                if (refusal == null) {
                    list.fetched(version, now);
                } else {
                    list.refused(refusal, now);
                }
            }
        }
    }

    /** Takes over what a server has sent; null, or what speaks against it. One at a time: judging takes memory. */
    private synchronized @Nullable Refusal take(TrackedList list, byte[] der, Version version, Instant now) {
        return switch (validator.judge(der, list.issuer(), now)) {
            case CrlVerdict.Unusable(List<Reason> reasons, Instant mends) ->
                new Refusal(version, reasons.stream().map(Reason::text).collect(Collectors.joining("; ")), mends, now);
            case CrlVerdict.Valid valid
            when list.isOutdatedAt(now, valid) -> {
                String text = "the list of " + valid.thisUpdate() + " is older than the one that is held";
                yield new Refusal(version, text, list.end(), now);
            }
            case CrlVerdict.Valid _
            when !fits(list, der.length, shelf) ->
                // Whenever another list shrinks or is left out, there may be room.
                new Refusal(Version.NONE, "all lists together are too large", Instant.MAX, now);
            case CrlVerdict.Valid valid -> {
                list.hold(der, valid, now);
                store.write(list.key(), der, now);
                yield null;
            }
        };
    }

    /** Takes over what the disk has, which is not trusted. */
    private void restore(TrackedList list, Shelf next) {
        FileStore.Kept kept = store.read(list.key());
        Instant now = clock.instant();
        if (kept != null
                && validator.judge(kept.content(), list.issuer(), now) instanceof CrlVerdict.Valid valid
                && fits(list, kept.content().length, next)) {
            list.hold(kept.content(), valid, now);
        }
    }

    private static boolean fits(TrackedList list, int size, Shelf all) {
        long others = all.lists().stream().mapToLong(TrackedList::size).sum() - list.size();
        return others + size <= MOST_BYTES;
    }
}
