package io.staplegate.loadtest.crl;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.device.CrlStatus;
import io.staplegate.device.Crls;
import io.staplegate.loadtest.outage.SimulatedProxy;
import io.staplegate.loadtest.site.Sites;
import io.staplegate.ocsp.Crl;
import io.staplegate.ocsp.CrlReader;
import io.staplegate.ocsp.CrlReading;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A large list, read, weighed, asked, fetched by the room of devices' lists, and replaced. Happens once. */
public final class CrlCourse {
    /**
     * How much of everything.
     *
     * @param handshakes a second
     * @param calm how long devices are watched when nothing goes on
     */
    public record Plan(int entries, int handshakes, Duration calm) {}

    private static final Duration VALIDITY = Duration.ofDays(4);
    private static final Duration PAST_HALF_LIFE = Duration.ofDays(3);
    private static final int WARM_UP_ENTRIES = 10_000;
    private static final int LOOKUPS = 1_000_000;
    private static final int GARBAGE_COLLECTIONS = 3;

    private final Plan plan;
    private final Path folder;
    private final Authority authority;
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());
    private final Instant start = clock.instant();
    private final X509Certificate device;

    /** {@code folder}: for files, three times as large as the list. */
    public CrlCourse(Plan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
        this.authority = Authority.root("Large CA", start.minus(Duration.ofDays(1)), Duration.ofDays(800));
        this.device = authority.issue(
                Issuance.named("device")
                        .valid(start.minus(Duration.ofDays(1)), Duration.ofDays(700))
                        .serial(BigInteger.valueOf(4711)),
                authority.keys().getPublic());
    }

    /** Lets it happen. */
    public CrlReport happen() throws IOException, InterruptedException {
        warmUp();
        Path first = list("first.crl", 1, start, BigInteger.ONE);
        long heapBefore = usedHeap();
        long begin = System.nanoTime();
        Crl crl = read(first);
        double readSeconds = secondsSince(begin);
        double bytesPerEntry = (double) (usedHeap() - heapBefore) / plan.entries;
        double microseconds = lookUp(crl);

        Instant later = start.plus(PAST_HALF_LIFE);
        Path next = list("next.crl", 2, later, device.getSerialNumber());
        Sites sites = Sites.issue(folder, 1, start, List.of());
        try (FileServer server = new FileServer(first);
                SimulatedProxy proxy = new SimulatedProxy(sites, "", clock)) {
            proxy.serve();
            Crls crls = proxy.revocationLists();
            watch(proxy); // to warm up
            CrlReport.Handshakes calm = watch(proxy);
            long question = System.nanoTime();
            crls.configure(List.of(server.url()), List.of(), List.of(authority.certificate()))
                    .join();
            demand(crls, CrlStatus.Good.class);
            double loadSeconds = secondsSince(question);

            server.serve(next);
            CountDownLatch swapped = new CountDownLatch(1);
            crls.onChange(_ -> swapped.countDown());
            try (HandshakePace pace = new HandshakePace(proxy.address(), plan.handshakes)) {
                long due = System.nanoTime();
                ahead.set(PAST_HALF_LIFE);
                swapped.await();
                double swapSeconds = secondsSince(due);
                CrlReport.Handshakes swapping = pace.end();
                demand(crls, CrlStatus.Revoked.class);
                return new CrlReport(
                        plan.entries,
                        Files.size(first) / 1e6,
                        readSeconds,
                        bytesPerEntry,
                        microseconds,
                        loadSeconds,
                        swapSeconds,
                        calm,
                        swapping);
            }
        }
    }

    /** Loads the classes, which are on the heap as well. */
    private void warmUp() throws IOException {
        Path small = folder.resolve("small.crl");
        new LargeCrl(authority, WARM_UP_ENTRIES, 1, start, start.plus(VALIDITY), BigInteger.ONE).write(small);
        read(small);
    }

    private Path list(String name, int number, Instant thisUpdate, BigInteger also) throws IOException {
        Path file = folder.resolve(name);
        new LargeCrl(authority, plan.entries, number, thisUpdate, thisUpdate.plus(VALIDITY), also).write(file);
        return file;
    }

    private Crl read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            CrlReading reading =
                    new CrlReader(Duration.ZERO).read(in, authority.certificate(), clock.instant(), Long.MAX_VALUE);
            if (reading instanceof CrlReading.Verified verified) {
                return verified.crl();
            }
            throw new IOException("the list does not verify: " + reading);
        }
    }

    /** Every other serial is on the list. Returns microseconds. */
    private double lookUp(Crl crl) throws IOException {
        BigInteger[] serials = new BigInteger[LOOKUPS];
        for (int i = 0; i < LOOKUPS; i++) {
            long entry = (long) i * plan.entries / LOOKUPS;
            serials[i] = LargeCrl.serial(i % 2 == 0 ? entry : entry + plan.entries);
        }
        long begin = System.nanoTime();
        int found = 0;
        for (BigInteger serial : serials) {
            found += crl.revoked().find(serial) == null ? 0 : 1;
        }
        double microseconds = (System.nanoTime() - begin) / 1e3 / LOOKUPS;
        if (found != LOOKUPS / 2) {
            throw new IOException("found " + found + " of " + LOOKUPS / 2);
        }
        return microseconds;
    }

    private CrlReport.Handshakes watch(SimulatedProxy proxy) throws InterruptedException {
        try (HandshakePace pace = new HandshakePace(proxy.address(), plan.handshakes)) {
            new CountDownLatch(1).await(plan.calm.toMillis(), TimeUnit.MILLISECONDS);
            return pace.end();
        }
    }

    private void demand(Crls crls, Class<? extends CrlStatus> status) throws IOException {
        CrlStatus found = crls.status(device, authority.certificate(), clock.instant());
        if (!status.isInstance(found)) {
            throw new IOException("the device is " + found + ", not " + status.getSimpleName());
        }
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static long usedHeap() {
        for (int i = 0; i < GARBAGE_COLLECTIONS; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
