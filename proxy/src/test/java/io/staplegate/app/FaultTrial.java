package io.staplegate.app;

import static org.awaitility.Awaitility.await;

import io.staplegate.app.FaultCourse.Moment;
import io.staplegate.app.FaultCourse.Start;
import io.staplegate.app.FaultCourse.Visit;
import io.staplegate.testing.LogLines;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One fault that meets one proxy, from the good staple that it may have, over the fault and the staple's end to the
 * responder's return. The fault is today; the staple was fetched when half of its validity had yet to come, so that the
 * proxy looks for a newer one.
 */
final class FaultTrial {
    private static final Duration AGE_AT_FAULT = Duration.ofHours(5);
    private static final Duration A_LITTLE = Duration.ofSeconds(30);
    private static final int TRIES = 10;

    private final Fault fault;
    private final FaultScene scene;
    private final LogLines log;
    private final Instant today;
    private final Map<Moment, Visit> visits = new EnumMap<>(Moment.class);

    private FaultTrial(Fault fault, FaultScene scene, LogLines log, Instant today) {
        this.fault = fault;
        this.scene = scene;
        this.log = log;
        this.today = today;
    }

    /** Plays it through, in a folder of its own. {@code log}: of the whole proxy. */
    static FaultCourse play(Fault fault, Start start, Path folder, InetSocketAddress backend, LogLines log)
            throws Exception {
        Instant today = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        try (FaultScene scene = new FaultScene(folder, today.minus(AGE_AT_FAULT), fault.timeout(), backend)) {
            FaultTrial trial = new FaultTrial(fault, scene, log, today);
            trial.before(start);
            return trial.play(start != Start.COLD);
        }
    }

    private void before(Start start) throws Exception {
        if (start != Start.COLD) {
            scene.start();
            refreshUntil(Moment.BEFORE, Visit::isStapled);
        }
        if (start == Start.RESTARTED) {
            scene.stop();
        }
    }

    private FaultCourse play(boolean staplesEnd) throws Exception {
        int logged = log.lines().size();
        Counts exchanges = exchanges();
        Counts refreshes = refreshes();
        Counts rungs = rungs();
        fault.begin(scene);
        List<String> names = scene.names();
        scene.setClock(today);
        scene.start();
        awaitLookAfter(refreshes);
        refresh(Moment.IN_FAULT);
        exchanges = exchanges().since(exchanges);
        refreshes = refreshes().since(refreshes);
        rungs = rungs().since(rungs);
        String status = scene.status();
        Counts circuits = scene.counts("staplegate_responder_circuit_open", "responder");

        if (staplesEnd) {
            Instant end = today.minus(AGE_AT_FAULT).plus(FaultScene.VALIDITY).minus(FaultScene.LEEWAY);
            scene.setClock(end.minusMillis(1));
            refresh(Moment.LAST_MOMENT);
            scene.setClock(end);
            refresh(Moment.AFTER_END);
        }
        recover();
        boolean open = !circuits.by().isEmpty();
        return new FaultCourse(visits, status, exchanges, refreshes, rungs, open, warnings(logged, names));
    }

    /** The responder is well again, and a little later, so that its answers are newer. */
    private void recover() throws Exception {
        scene.responder().comeBack();
        scene.configure("");
        scene.setClock(scene.now().plus(A_LITTLE));
        List<Visit> earlier = List.copyOf(visits.values());
        refreshUntil(
                Moment.RECOVERED, visit -> visit.isStapled() && earlier.stream().noneMatch(visit::isLike));
    }

    /** A proxy that runs has noticed by then that its clock was set, which is a new beginning for circuits. */
    private void awaitLookAfter(Counts earlier) {
        await().atMost(A_LITTLE).until(() -> !refreshes().equals(earlier));
    }

    private void refresh(Moment moment) throws Exception {
        refreshUntil(moment, _ -> true);
    }

    /** On a busy machine even an honest responder may be late. */
    private void refreshUntil(Moment moment, Predicate<Visit> done) throws Exception {
        boolean isDone = false;
        for (int tries = 0; tries < TRIES && !isDone; tries++) {
            scene.refresh();
            Visit visit = scene.visit();
            visits.put(moment, visit);
            isDone = done.test(visit);
        }
    }

    private Counts exchanges() {
        return scene.counts("staplegate_responder_requests_seconds_count", "outcome");
    }

    private Counts refreshes() {
        return scene.counts("staplegate_staple_refreshes_total", "outcome");
    }

    private Counts rungs() {
        return scene.counts("staplegate_refreshes_by_rung_total", "rung");
    }

    private List<String> warnings(int from, List<String> names) {
        return log.lines().stream()
                .skip(from)
                .filter(line -> line.startsWith("WARN") || line.startsWith("ERROR"))
                .filter(line -> names.stream().anyMatch(name -> line.contains("\"" + name + "\"")))
                .toList();
    }
}
