package io.staplegate.staple;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
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
    private final Agenda agenda; // of the ticker
    private final Archive archive;
    private final InstantSource clock;
    private final Map<TrackedCertificate, Look> looks = new ConcurrentHashMap<>();
    private final ExecutorService lookers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("staple-look-", 0).factory());
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("staple-refresher").factory());
    private volatile List<TrackedCertificate> certificates = List.of();
    private Instant lastTick; // of the ticker

    Refresher(Ladder ladder, Agenda agenda, Archive archive, InstantSource clock) {
        this.ladder = ladder;
        this.agenda = agenda;
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

    /**
     * Looks now, also where responders are down. Done when that has ended, well or not; a look that is under way is
     * joined.
     */
    CompletableFuture<Void> look(TrackedCertificate certificate) {
        return begin(Look.wanted(certificate));
    }

    /** Interrupts what is under way, and waits for its end. */
    @Override
    public void close() {
        ticker.shutdownNow();
        lookers.shutdownNow();
        ticker.close();
        lookers.close();
    }

    private CompletableFuture<Void> begin(Look look) {
        Look underWay = looks.putIfAbsent(look.certificate(), look);
        if (underWay != null) {
            return underWay.ended();
        }
        try {
            lookers.execute(() -> {
                try {
                    run(look);
                } finally {
                    end(look);
                }
            });
        } catch (RejectedExecutionException e) {
            end(look); // closed
        }
        return look.ended();
    }

    private void end(Look look) {
        looks.remove(look.certificate());
        look.certificate().settle();
        look.ended().complete(null);
    }

    private void run(Look look) {
        TrackedCertificate certificate = look.certificate();
        StapleTarget target = look.target();
        if (!target.canBeAskedAt(clock.instant())) {
            certificate.plan(clock.instant());
            return;
        }
        Finding finding;
        try {
            finding = ladder.climb(target, look.evenIfDown(), answer -> certificate.isNews(answer, clock.instant()));
        } catch (InterruptedException e) {
            return;
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("certificate", target.serial())
                    .log("look for a staple broke off");
            finding = new Finding.Failure(target.firstAsked().orElseThrow(), "internal error: " + e, null);
        }
        if (look.aside() && !(finding instanceof Finding.Answer)) {
            return;
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
        agenda.next(certificates, List.copyOf(looks.values()), now).forEach(look -> {
            var _ = begin(look);
        });
    }

    /** The clock was set, as it is on an appliance without a battery once it finds its time server, or we slept. */
    private void planAfresh(Instant now) {
        LOG.atInfo().addKeyValue("from", lastTick).addKeyValue("to", now).log("clock jumped: planning afresh");
        agenda.reset();
        for (TrackedCertificate certificate : certificates) {
            if (!certificate.isAnsweredAt(now)) {
                archive.restore(certificate);
            }
            certificate.plan(now);
            certificate.chains().forEach(chain -> chain.renew(now.toEpochMilli()));
        }
    }
}
