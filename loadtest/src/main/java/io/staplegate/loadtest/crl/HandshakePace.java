package io.staplegate.loadtest.crl;

import io.staplegate.loadtest.crl.CrlReport.Handshakes;
import io.staplegate.probe.Device;
import io.staplegate.probe.DeviceHandshake;
import io.staplegate.probe.HandshakeFailure;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Full TLS handshakes at a steady pace until it is closed, each begun when its time has come: one that waits does not
 * hide others that would have waited, too.
 */
final class HandshakePace implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int SIGNIFICANT_DIGITS = 3;

    private final InetSocketAddress server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("device-", 0).factory());
    private final Histogram nanoseconds = new Histogram(SIGNIFICANT_DIGITS);
    private long failed;

    /** Begins. */
    HandshakePace(InetSocketAddress server, int perSecond) {
        this.server = server;
        threads.execute(() -> run(TimeUnit.SECONDS.toNanos(1) / perSecond));
    }

    private void run(long interval) {
        try {
            long due = System.nanoTime();
            while (!closed.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                long begin = due;
                threads.execute(() -> meet(begin));
                due += interval;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void meet(long due) {
        try {
            new DeviceHandshake(server, Device.usual().naming("site-00000.example"), TIMEOUT).perform();
            long took = System.nanoTime() - due;
            synchronized (this) {
                nanoseconds.recordValue(took);
            }
        } catch (HandshakeFailure e) {
            synchronized (this) {
                failed++;
            }
        }
    }

    /** Ends, and says how long they took. */
    Handshakes end() {
        close();
        synchronized (this) {
            return new Handshakes(
                    nanoseconds.getTotalCount(),
                    failed,
                    nanoseconds.getValueAtPercentile(50) / 1e6,
                    nanoseconds.getValueAtPercentile(99) / 1e6,
                    nanoseconds.getMaxValue() / 1e6);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        threads.close();
    }
}
