package io.staplegate.loadtest.reconnect;

import io.staplegate.loadtest.device.DeviceCertificates;
import io.staplegate.loadtest.device.LoopbackAddresses;
import io.staplegate.probe.Device;
import io.staplegate.probe.TlsSession;
import io.staplegate.probe.TlsVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlertReceived;

/**
 * Devices that all come at once, each on a virtual thread. One that is let in says a word, hears it back from the
 * backend, and goes; one that is not comes again, later each time.
 */
final class Storm {
    /** Of a device that was not let in; doubles, and each device takes between half of it and all of it. */
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    private static final byte[] WORD = "here again".getBytes(StandardCharsets.US_ASCII);
    private static final int SIGNIFICANT_DIGITS = 3;

    private final DeviceCertificates certificates;
    private final InetSocketAddress server;
    private final Semaphore places;
    private final Histogram handshakes = new Histogram(SIGNIFICANT_DIGITS);
    private final Map<String, Integer> refusedAtFirst = new TreeMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private int in;
    private int tries;
    private long lastIn = System.nanoTime();

    /** {@code atOnce}: how many shake hands at a time; how many wait for their verdict has no limit. */
    Storm(DeviceCertificates certificates, InetSocketAddress server, int atOnce) {
        this.certificates = certificates;
        this.server = server;
        this.places = new Semaphore(atOnce);
    }

    /** Lets the devices from one number up to another come, and returns when all are in, or after the limit. */
    void blow(int from, int to, Duration limit) throws InterruptedException {
        try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch left = new CountDownLatch(to - from);
            for (int device = from; device < to; device++) {
                int number = device;
                devices.execute(() -> {
                    try {
                        comeUntilIn(number);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        left.countDown();
                    }
                });
            }
            if (!left.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                ended.countDown();
            }
        }
    }

    private void comeUntilIn(int number) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        boolean isFirst = true;
        while (!isIn(number, isFirst)) {
            long millis = pause.toMillis();
            if (ended.await(ThreadLocalRandom.current().nextLong(millis / 2, millis), TimeUnit.MILLISECONDS)) {
                return;
            }
            isFirst = false;
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
    }

    private boolean isIn(int number, boolean isFirst) throws InterruptedException {
        try (TlsSession session = shakeHands(number)) {
            session.send(WORD);
            int heard = 0;
            while (heard < WORD.length) {
                int more = session.receive(TIMEOUT).length;
                if (more == 0) {
                    throw new IOException("closed behind the handshake");
                }
                heard += more;
            }
            letIn();
            return true;
        } catch (TlsFatalAlertReceived e) {
            refused(AlertDescription.getName(e.getAlertDescription()), isFirst);
        } catch (IOException e) {
            refused(String.valueOf(e.getMessage()), isFirst);
        }
        return false;
    }

    private TlsSession shakeHands(int number) throws IOException, InterruptedException {
        Device device = Device.usual().speaking(TlsVersion.TLS13).showing(certificates.of(number));
        places.acquire();
        try {
            long begin = System.nanoTime();
            TlsSession session = TlsSession.begin(device, LoopbackAddresses.of(number), server, TIMEOUT);
            shookHands(System.nanoTime() - begin);
            return session;
        } finally {
            places.release();
        }
    }

    private synchronized void shookHands(long nanoseconds) {
        handshakes.recordValue(nanoseconds);
    }

    private synchronized void letIn() {
        tries++;
        in++;
        lastIn = System.nanoTime();
    }

    private synchronized void refused(String reason, boolean isFirst) {
        tries++;
        if (isFirst) {
            refusedAtFirst.merge(reason, 1, Integer::sum);
        }
    }

    synchronized int in() {
        return in;
    }

    /** Connections that were begun. */
    synchronized int tries() {
        return tries;
    }

    /** When the last device was in: {@link System#nanoTime}. */
    synchronized long lastIn() {
        return lastIn;
    }

    /** How many devices were not let in when they first came: by the alert, or by what else happened. */
    synchronized Map<String, Integer> refusedAtFirst() {
        return new TreeMap<>(refusedAtFirst);
    }

    /** In milliseconds, from connecting to the device's own end of the handshake. */
    synchronized double handshakePercentile(double percent) {
        return handshakes.getValueAtPercentile(percent) / 1e6;
    }
}
