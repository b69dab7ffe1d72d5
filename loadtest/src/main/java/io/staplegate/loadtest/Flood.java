package io.staplegate.loadtest;

import io.staplegate.loadtest.device.FallingSilent;
import io.staplegate.loadtest.device.LoopbackAddresses;
import io.staplegate.loadtest.device.SimulatedDevice;
import io.staplegate.loadtest.device.Swarm;
import io.staplegate.loadtest.server.Footprint;
import io.staplegate.loadtest.server.TestBed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** A flood, and the honest devices in it. Rises once. */
final class Flood {
    /** What makes a flood. */
    record Size(int warmup, int hellos, int halfOpen, int honest) {}

    private static final int HELLOS_EACH = 100;
    private static final int HELLO_ADDRESSES_AT_ONCE = 1_000;
    private static final int HALF_OPEN_AT_ONCE = 200;
    private static final int HONEST_AT_ONCE = 10;

    /** Nobody has the address of anybody else. */
    private static final int FIRST_HALF_OPEN = 1 << 17;

    private static final int FIRST_HONEST = 1 << 18;

    /** An honest device's patience: for its handshake, and again for the answer to its datagram. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final byte[] DATAGRAM = "honest".getBytes(StandardCharsets.US_ASCII);
    private static final int SIGNIFICANT_DIGITS = 3;

    private final TestBed bed;
    private final Size size;
    private final int helloAddresses;
    private final LongAdder bytesSent = new LongAdder();
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder amplified = new LongAdder();
    private final Histogram latency = new ConcurrentHistogram(SIGNIFICANT_DIGITS);

    /** One permit for each honest device, given out over the whole length of the flood. */
    private final Semaphore turns = new Semaphore(0);

    private final AtomicInteger strangersGone = new AtomicInteger();

    /** A flood that has not risen yet. */
    Flood(TestBed bed, Size size) {
        this.bed = bed;
        this.size = size;
        this.helloAddresses = Math.ceilDiv(size.hellos(), HELLOS_EACH);
    }

    /** Rises, waits until the proxy has forgotten it, and reports. */
    FloodReport rise() throws IOException, InterruptedException {
        new Swarm(HONEST_AT_ONCE).each(0, size.warmup(), this::shakeHands);
        Footprint before = Footprint.of(bed.process());
        latency.reset();
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Swarm.Outcome> honest = threads.submit(this::connect);
            Future<Swarm.Outcome> hellos =
                    threads.submit(() -> new Swarm(HELLO_ADDRESSES_AT_ONCE).each(0, helloAddresses, this::sayHellos));
            Swarm.Outcome halfOpen = new Swarm(HALF_OPEN_AT_ONCE)
                    .each(FIRST_HALF_OPEN, FIRST_HALF_OPEN + size.halfOpen(), this::stopBehindCookie);
            long pending = handshakesPending();
            Footprint during = Footprint.of(bed.process());
            hellos.get();
            double seconds = (System.nanoTime() - begin) / 1e9;
            turns.release(size.honest());
            Swarm.Outcome connected = honest.get();
            awaitForgotten();
            return new FloodReport(
                    seconds,
                    honest(connected),
                    strangers(),
                    new FloodReport.HalfOpen(size.halfOpen(), halfOpen.done(), pending),
                    before,
                    during,
                    Footprint.of(bed.process()),
                    bed.metrics().counts("staplegate_datagrams_dropped_total"));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part of the flood broke", e.getCause());
        }
    }

    private Swarm.Outcome connect() throws InterruptedException {
        return new Swarm(HONEST_AT_ONCE).each(FIRST_HONEST, FIRST_HONEST + size.honest(), device -> {
            turns.acquire();
            shakeHands(device);
        });
    }

    private void shakeHands(int device) throws IOException {
        long begin = System.nanoTime();
        try (SimulatedDevice honest = SimulatedDevice.connect(LoopbackAddresses.of(device), bed.address(), PATIENCE)) {
            latency.recordValue(System.nanoTime() - begin);
            honest.exchange(DATAGRAM, PATIENCE);
        }
    }

    private void sayHellos(int address) throws IOException {
        try (FallingSilent stranger = new FallingSilent(address, bed.address())) {
            for (int hello = 0; hello < HELLOS_EACH; hello++) {
                stranger.sayHello();
            }
            stranger.listen(QUIET);
            bytesSent.add(stranger.bytesSent());
            bytesReceived.add(stranger.bytesReceived());
            if (stranger.bytesReceived() > stranger.bytesSent()) {
                amplified.increment();
            }
        }
        strangerGone();
    }

    private void stopBehindCookie(int address) throws IOException {
        try (FallingSilent stranger = new FallingSilent(address, bed.address())) {
            if (!stranger.echoCookie()) {
                throw new IOException("no cookie");
            }
        } finally {
            strangerGone();
        }
    }

    /** After each so many strangers it is an honest device's turn. */
    private void strangerGone() {
        int between = Math.max(1, (helloAddresses + size.halfOpen()) / size.honest());
        if (strangersGone.incrementAndGet() % between == 0) {
            turns.release();
        }
    }

    private long handshakesPending() throws IOException, InterruptedException {
        return bed.metrics().sum("staplegate_handshakes_pending");
    }

    private void awaitForgotten() throws IOException, InterruptedException {
        while (handshakesPending() > 0) {
            new CountDownLatch(1).await(QUIET.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private FloodReport.Honest honest(Swarm.Outcome connected) {
        return new FloodReport.Honest(
                size.honest(),
                connected.done(),
                connected.failures(),
                connected.done() == 0 ? null : Report.Latency.of(latency));
    }

    private FloodReport.Strangers strangers() throws IOException, InterruptedException {
        long cookies = bed.metrics().sum("staplegate_cookies_sent_total");
        return new FloodReport.Strangers(
                helloAddresses * HELLOS_EACH, bytesSent.sum(), bytesReceived.sum(), amplified.sum(), cookies);
    }
}
