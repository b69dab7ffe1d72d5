package io.staplegate.staple;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What looks for newer answers: one thread that compares, every second, the plan with the clock, and a virtual thread
 * for each look. It keeps no timers, so that a clock that is set, or moved by a test, is obeyed within a second. One
 * that jumps is taken for a new start.
 */
final class Refresher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final Duration JUMP = Duration.ofMinutes(1);

    private final Ladder ladder;
    private final Archive archive;
    private final InstantSource clock;
    private final Map<TrackedCertificate, CompletableFuture<Void>> looks = new ConcurrentHashMap<>();
    private final ExecutorService lookers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("staple-look-", 0).factory());
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("staple-refresher").factory());
    private volatile List<TrackedCertificate> certificates = List.of();
    private Instant lastTick; // of the ticker

    Refresher(Ladder ladder, Archive archive, InstantSource clock) {
        this.ladder = ladder;
        this.archive = archive;
        this.clock = clock;
        this.lastTick = clock.instant();
    }

    /** Begins to look, at this pace. */
    void start(Duration pace) {
        var _ = ticker.scheduleWithFixedDelay(this::guardedTick, 0, pace.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Keeps these certificates fresh from now on, and no others. */
    void serve(Collection<TrackedCertificate> others) {
        certificates = List.copyOf(others);
        ticker.execute(this::guardedTick);
    }

    /** Looks now. Done when that has ended, well or not; a look that is under way is joined. */
    CompletableFuture<Void> look(TrackedCertificate certificate) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        CompletableFuture<Void> underWay = looks.putIfAbsent(certificate, mine);
        if (underWay != null) {
            return underWay;
        }
        try {
            lookers.execute(() -> {
                try {
                    lookNow(certificate);
                } finally {
                    ended(certificate, mine);
                }
            });
        } catch (RejectedExecutionException e) {
            ended(certificate, mine); // closed
        }
        return mine;
    }

    private void ended(TrackedCertificate certificate, CompletableFuture<Void> look) {
        looks.remove(certificate);
        certificate.settle();
        look.complete(null);
    }

    /** Interrupts what is under way, and waits for its end. */
    @Override
    public void close() {
        ticker.shutdownNow();
        lookers.shutdownNow();
        ticker.close();
        lookers.close();
    }

    private void lookNow(TrackedCertificate certificate) {
        StapleTarget target = certificate.target();
        if (!target.canBeAskedAt(clock.instant())) {
            certificate.plan(clock.instant());
            return;
        }
        Finding finding;
        try {
            finding =
                    ladder.climb(target, true, answer -> certificate.knowledge().isNews(answer, clock.instant()));
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("certificate", target.serial())
                    .log("look for a staple broke off");
            finding = new Finding.Failure(target.firstAsked(), "internal error: " + e, null);
        }
        if (certificate.learn(finding, clock.instant())) {
            archive.keep(certificate);
            certificate.chains().forEach(archive::export);
        }
    }

    private void guardedTick() {
        try {
            tick(clock.instant());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("refresher stumbled; goes on in a second");
        }
    }

    private void tick(Instant now) {
        if (Duration.between(lastTick, now).abs().compareTo(JUMP) > 0) {
            planAfresh(now);
        }
        lastTick = now;
        for (TrackedCertificate certificate : certificates) {
            if (certificate.noticeTime(now)) {
                certificate.chains().forEach(archive::export);
            }
        }
        certificates.stream()
                .filter(certificate -> isDue(certificate, now) && !looks.containsKey(certificate))
                .map(certificate -> Due.of(certificate, now))
                .sorted()
                .forEach(due -> {
                    var _ = look(due.certificate);
                });
    }

    /** The clock was set, as it is on an appliance without a battery once it finds its time server, or we slept. */
    private void planAfresh(Instant now) {
        LOG.atInfo().addKeyValue("from", lastTick).addKeyValue("to", now).log("clock jumped: planning afresh");
        for (TrackedCertificate certificate : certificates) {
            if (!certificate.isAnsweredAt(now)) {
                archive.restore(certificate, now);
            }
            certificate.plan(now);
            certificate.chains().forEach(chain -> chain.renew(now.toEpochMilli()));
        }
    }

    private static boolean isDue(TrackedCertificate certificate, Instant now) {
        Instant next = certificate.knowledge().nextLook();
        return next != null && !now.isBefore(next);
    }

    /** Who is looked at first: who has no answer, among them what clients insist on, and what most chains wait for. */
    private record Due(TrackedCertificate certificate, boolean isAnswered, Instant end, int chains)
            implements Comparable<Due> {

        private static final Comparator<Due> BY_NEED = Comparator.comparing(Due::isAnswered)
                .thenComparing(due -> !due.certificate.mustStaple())
                .thenComparing(Due::end)
                .thenComparingInt(due -> -due.chains);

        static Due of(TrackedCertificate certificate, Instant now) {
            Instant end = certificate.end();
            return new Due(certificate, now.isBefore(end), end, certificate.chainCount());
        }

        @Override
        public int compareTo(Due other) {
            return BY_NEED.compare(this, other);
        }
    }
}
