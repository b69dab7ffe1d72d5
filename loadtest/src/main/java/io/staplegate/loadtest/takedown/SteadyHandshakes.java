package io.staplegate.loadtest.takedown;

import io.staplegate.loadtest.site.SiteDevices;
import io.staplegate.loadtest.site.SiteDevices.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Handshakes at a steady pace, each begun when its time has come, whatever becomes of those before it: one that waits
 * does not hide others that would have waited, too.
 */
final class SteadyHandshakes {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final SiteDevices devices;
    private final int sites;
    private final Histogram nanoseconds = new Histogram(SIGNIFICANT_DIGITS);
    private final Map<String, Long> failures = new TreeMap<>();
    private long stapled;
    private long bare;

    /** Devices that come to each of so many sites in turn. */
    private SteadyHandshakes(SiteDevices devices, int sites) {
        this.devices = devices;
        this.sites = sites;
    }

    /** Does so many a second for some time, and returns when the last has ended. */
    static TakedownReport.Period during(Duration time, int perSecond, SiteDevices devices, int sites, String name)
            throws InterruptedException {
        SteadyHandshakes handshakes = new SteadyHandshakes(devices, sites);
        handshakes.run(time, perSecond);
        return handshakes.period(name);
    }

    private void run(Duration time, int perSecond) throws InterruptedException {
        long begin = System.nanoTime();
        long each = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long count = time.toNanos() / each;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; i < count; i++) {
                long due = begin + i * each;
                int site = (int) (i % sites);
                new CountDownLatch(1).await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
                threads.execute(() -> meet(site, due));
            }
        }
    }

    private void meet(int site, long due) {
        long late = System.nanoTime() - due;
        Outcome outcome = devices.meet(site);
        synchronized (this) {
            switch (outcome) {
                case Outcome.Stapled staple -> {
                    stapled++;
                    nanoseconds.recordValue(late + staple.took().toNanos());
                }
                case Outcome.Bare _ -> bare++;
                case Outcome.Failed(String reason) -> failures.merge(reason, 1L, Long::sum);
            }
        }
    }

    private synchronized TakedownReport.Period period(String name) {
        return new TakedownReport.Period(
                name,
                stapled,
                bare,
                failures,
                milliseconds(nanoseconds.getValueAtPercentile(50)),
                milliseconds(nanoseconds.getValueAtPercentile(99)),
                milliseconds(nanoseconds.getMaxValue()));
    }

    private static double milliseconds(long nanoseconds) {
        return nanoseconds / 1e6;
    }
}
