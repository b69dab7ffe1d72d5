package io.staplegate.loadtest.fleet;

import io.staplegate.demo.StatusBook;
import io.staplegate.loadtest.fleet.FleetReport.Phase;
import io.staplegate.loadtest.server.Footprint;
import io.staplegate.loadtest.server.ProxyProcess;
import io.staplegate.loadtest.site.Arrivals;
import io.staplegate.loadtest.site.Arrivals.Arrival;
import io.staplegate.loadtest.site.BookAnswers;
import io.staplegate.loadtest.site.Sites;
import io.staplegate.loadtest.site.SwitchedResponder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** What a proxy with many identities goes through: start, steady refresh, restart, outage, return. Runs once. */
public final class FleetCourse implements AutoCloseable {
    private static final Duration LEEWAY = Duration.ofSeconds(5);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** How long the proxy is watched behind a restart, at most. */
    private static final Duration SETTLING = Duration.ofSeconds(30);

    /** What comes later than this is not waited for. */
    private static final Duration OVERTIME = Duration.ofMinutes(2);

    private final Plan plan;
    private final Path folder;
    private final InstantSource clock = InstantSource.system();
    private final Arrivals arrivals = new Arrivals();
    private final SwitchedResponder responder;
    private final Ledger ledger;
    private final List<Entry> entries = new ArrayList<>();
    private long begin;

    /**
     * The beginning of a phase.
     *
     * @param second since the start
     * @param requests before it
     */
    private record Entry(String phase, double second, int requests) {}

    /**
     * How long everything takes.
     *
     * @param rate the most requests that the proxy may send in a second
     * @param validity of each answer
     * @param maxAge {@code ocsp.maxAge}: answers are renewed at this age; half of {@code validity} where that is less
     * @param steady how long the proxy is watched before the restart
     * @param outage zero: there is none
     */
    public record Plan(int identities, int rate, Duration validity, Duration maxAge, Duration steady, Duration outage) {
        Duration youth() {
            Duration half = validity.dividedBy(2);
            return half.compareTo(maxAge) < 0 ? half : maxAge;
        }
    }

    /** Issues the certificates. {@code folder}: for files, the proxy's own among them. */
    public FleetCourse(Plan plan, Path folder) throws IOException {
        this.plan = plan;
        this.folder = folder;
        StatusBook book = new StatusBook(plan.validity, clock);
        this.responder = new SwitchedResponder(new BookAnswers(book, arrivals));
        Sites sites = Sites.issue(folder, plan.identities, clock.instant(), List.of(responder.url()));
        book.open(sites.authority());
        this.ledger = new Ledger(arrivals, plan.validity.minus(LEEWAY), plan.youth());
        Files.writeString(
                folder.resolve("staplegate.yaml"),
                sites.configuration() + """
                backends: [{ name: echo, address: "127.0.0.1:9" }]
                ocsp: { maxRequestsPerSecond: %d, leeway: %ds, maxAge: %ds }
                state: { directory: state }
                admin: { bind: "127.0.0.1:0" }
                """.formatted(plan.rate, LEEWAY.toSeconds(), plan.maxAge.toSeconds()));
    }

    /** Goes through all of it. */
    public FleetReport run() throws IOException, InterruptedException {
        begin = System.nanoTime();
        enter("start");
        responder.bringUp();
        Footprint before;
        try (ProxyProcess proxy = start("first.log")) {
            await(() -> ledger.answeredAt(clock.instant()) == plan.identities);
            before = Footprint.of(proxy.process());
            enter("steady");
            pause(plan.steady);
            enter("restart");
            proxy.stop();
        }
        try (ProxyProcess proxy = start("second.log")) {
            pause(SETTLING.compareTo(plan.steady) < 0 ? SETTLING : plan.steady);
            Rescue rescue = plan.outage.isZero() ? Rescue.NONE : goThroughOutage();
            return report(rescue, proxy, before);
        }
    }

    private ProxyProcess start(String log) throws IOException {
        return ProxyProcess.start(folder.resolve("staplegate.yaml"), folder.resolve(log));
    }

    private Rescue goThroughOutage() throws IOException, InterruptedException {
        enter("outage");
        Instant down = clock.instant();
        responder.takeDown();
        pause(plan.outage);
        ledger.read();
        Rescue rescue = new Rescue(down, clock.instant(), ledger.ends(), plan.rate);
        enter("return");
        responder.bringUp();
        await(() -> ledger.overdueAt(clock.instant()) == 0);
        return rescue;
    }

    private void enter(String phase) {
        entries.add(new Entry(phase, seconds(System.nanoTime() - begin), arrivals.count()));
    }

    /** Returns when it is so, or never will be. */
    private void await(BooleanSupplier condition) throws InterruptedException {
        Duration limit = OVERTIME.plusSeconds(plan.identities / plan.rate);
        long since = System.nanoTime();
        ledger.read();
        while (!condition.getAsBoolean() && System.nanoTime() - since < limit.toNanos()) {
            pause(LOOK);
            ledger.read();
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private FleetReport report(Rescue rescue, ProxyProcess proxy, Footprint before)
            throws IOException, InterruptedException {
        enter("end");
        List<Arrival> all = arrivals.since(0);
        List<Ledger.Lapse> lapses = ledger.lapses();
        return new FleetReport(
                plan.identities,
                plan.rate,
                phases(),
                Arrivals.mostWithin(SECOND, all),
                Arrivals.keptTo(plan.rate, all),
                ledger.early(),
                lapses.size(),
                lapses.stream().filter(rescue::wasAvoidable).count(),
                proxy.metrics().counts("staplegate_staple_status"),
                before,
                Footprint.of(proxy.process()),
                perSecond(all));
    }

    private List<Phase> phases() {
        return IntStream.range(1, entries.size())
                .mapToObj(next -> {
                    Entry entry = entries.get(next - 1);
                    Entry end = entries.get(next);
                    return new Phase(entry.phase, entry.second, end.second, end.requests - entry.requests);
                })
                .toList();
    }

    private List<Integer> perSecond(List<Arrival> all) {
        int length = (int) Math.ceil(entries.getLast().second);
        List<Integer> counts = new ArrayList<>(Collections.nCopies(length, 0));
        for (Arrival arrival : all) {
            int second = (int) seconds(arrival.nanos() - begin);
            if (second < length) {
                counts.set(second, counts.get(second) + 1);
            }
        }
        return counts;
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    @Override
    public void close() throws IOException {
        responder.close();
    }
}
