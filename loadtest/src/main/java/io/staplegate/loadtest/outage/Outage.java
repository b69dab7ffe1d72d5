package io.staplegate.loadtest.outage;

import io.staplegate.demo.StatusBook;
import io.staplegate.identity.Identity;
import io.staplegate.loadtest.outage.LastAnswers.Tally;
import io.staplegate.loadtest.site.Arrivals;
import io.staplegate.loadtest.site.BookAnswers;
import io.staplegate.loadtest.site.SiteDevices;
import io.staplegate.loadtest.site.Sites;
import io.staplegate.loadtest.site.SwitchedResponder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;

/** A proxy whose responders are all down for a time, and come back. Happens once. */
public final class Outage implements AutoCloseable {
    /**
     * What happens.
     *
     * @param certificates one for each site
     * @param perSecond the most requests that the proxy may send in a second
     * @param validity of each answer
     * @param length of the outage; longer than {@code validity}
     */
    public record Plan(int certificates, int perSecond, Duration validity, Duration length) {}

    /** What is skipped at a time where nothing happens, so that a last minute is never skipped. */
    private static final Duration STEP = Duration.ofSeconds(25);

    /** Shorter where it is measured how long something takes: what takes real time counts for so much less. */
    private static final Duration SHORT_STEP = Duration.ofMillis(20);

    /** Without a request for so long, in real time, nothing is under way. */
    private static final Duration QUIET = Duration.ofMillis(25);

    /** Enough for what was under way to be refused. */
    private static final Duration PROBES = Duration.ofMillis(500);

    /** A return that takes longer than it may is watched for so much longer. */
    private static final Duration OVERTIME = Duration.ofMinutes(10);

    private final Plan plan;
    private final SimulatedClock clock = new SimulatedClock(Instant.now());
    private final Arrivals arrivals = new Arrivals();
    private final SwitchedResponder first;
    private final SwitchedResponder second;
    private final SimulatedProxy proxy;
    private final SiteDevices devices;

    /** Issues the certificates, and readies the proxy. {@code folder}: for its files. */
    public Outage(Plan plan, Path folder) throws IOException {
        this.plan = plan;
        StatusBook book = new StatusBook(plan.validity, clock);
        this.first = new SwitchedResponder(new BookAnswers(book, arrivals));
        this.second = new SwitchedResponder(new BookAnswers(book, arrivals));
        Sites sites = Sites.issue(folder, plan.certificates, clock.instant(), List.of(first.url(), second.url()));
        book.open(sites.authority());
        this.proxy = new SimulatedProxy(sites, "maxRequestsPerSecond: " + plan.perSecond, clock);
        this.devices = new SiteDevices(sites, proxy.address(), clock);
    }

    /** Lets it happen. */
    public OutageReport happen() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        first.bringUp();
        second.bringUp();
        proxy.serve();
        awaitStaples(clock.instant().plus(OVERTIME));
        settle();

        first.takeDown();
        second.takeDown();
        Instant down = clock.instant();
        LastAnswers answers = new LastAnswers(proxy, devices, clock);
        while (Duration.between(down, clock.instant()).compareTo(plan.length) < 0) {
            clock.skip(STEP);
            answers.check();
        }
        Duration outage = Duration.between(down, clock.instant());
        endProbes();
        long left = proxy.identities().stream().filter(this::isStapled).count();

        int seen = arrivals.count();
        first.bringUp();
        second.bringUp();
        Instant up = clock.instant();
        Duration firstAnswer = awaitRequest(seen, up);
        awaitStaples(up.plus(limit()).plus(OVERTIME));
        Duration back = Duration.between(up, clock.instant());
        return report(answers.tally(), outage, left, firstAnswer, back, Duration.ofNanos(System.nanoTime() - begin));
    }

    /** Lets answers become of different age: each is renewed once. */
    private void settle() throws InterruptedException {
        Instant until = clock.instant().plus(plan.validity.multipliedBy(3).dividedBy(4));
        while (clock.instant().isBefore(until)) {
            pass(STEP);
        }
    }

    /** In real time, as the probes that are under way take some: at the pace before, it would look like minutes. */
    private void endProbes() throws InterruptedException {
        Instant until = clock.instant().plus(PROBES);
        while (clock.instant().isBefore(until)) {
            clock.skip(Duration.ZERO);
        }
    }

    private Duration awaitRequest(int seen, Instant since) throws InterruptedException {
        Instant until = since.plus(OVERTIME);
        while (arrivals.count() == seen && clock.instant().isBefore(until)) {
            pass(SHORT_STEP);
        }
        return Duration.between(since, clock.instant());
    }

    /** Until every site is stapled, or somebody has waited for long enough. */
    private void awaitStaples(Instant atMost) throws InterruptedException {
        Iterator<Identity> sites = proxy.identities().iterator();
        Identity site = sites.next();
        while (clock.instant().isBefore(atMost)) {
            while (isStapled(site)) {
                if (!sites.hasNext()) {
                    return;
                }
                site = sites.next();
            }
            pass(SHORT_STEP);
        }
    }

    /** Lets time pass: a step at once where no request is under way. */
    private void pass(Duration step) throws InterruptedException {
        clock.skip(arrivals.silence() > QUIET.toNanos() ? step : Duration.ZERO);
    }

    private boolean isStapled(Identity identity) {
        return proxy.current(identity).staples().getFirst() != null;
    }

    /** What every staple may need to be back: a minute, and the time that so many requests take. */
    private Duration limit() {
        return Duration.ofMinutes(1).plusSeconds(plan.certificates / plan.perSecond);
    }

    private OutageReport report(
            Tally tally, Duration outage, long left, Duration firstAnswer, Duration back, Duration took) {
        List<Arrivals.Arrival> all = arrivals.since(0);
        return new OutageReport(
                plan.certificates,
                plan.perSecond,
                seconds(outage),
                tally.early(),
                tally.late(),
                tally.stapled(),
                tally.bare(),
                tally.failed(),
                left,
                seconds(firstAnswer),
                seconds(back),
                seconds(limit()),
                Arrivals.mostWithin(Duration.ofSeconds(1), all),
                Arrivals.keptTo(plan.perSecond, all),
                seconds(took));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        first.close();
        second.close();
    }
}
