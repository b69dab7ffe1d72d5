package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.app.FaultCourse.Moment;
import io.staplegate.app.FaultCourse.Start;
import io.staplegate.app.FaultCourse.Visit;
import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.StatusBook;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One fault that meets one proxy: a whole one, with its listener, its store and its responder, on a clock that is
 * moved. It is played through from a good staple, where there is one, over the fault to the staple's end and the
 * responder's return; each handshake on the way is kept.
 */
final class FaultTrial implements Fault.Place, AutoCloseable {
    /** Of each good answer. At the fault it is past its half-life, so that the proxy looks for a newer one. */
    private static final Duration VALIDITY = Duration.ofHours(8);

    private static final Duration AGE_AT_FAULT = Duration.ofHours(5);
    private static final Duration LEEWAY = Duration.ofMinutes(1);
    private static final Pattern URL = Pattern.compile("https?://[^\\]]+");
    private static final int TRIES = 10;
    private static final Duration NEVER = Duration.ofDays(1);

    private final Fault fault;
    private final Start start;
    private final InetSocketAddress backend;
    private final LogLines log;
    private final DemoDirectory directory;
    private final DemoPki pki;
    private final FaultyResponder responder;
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Map<Moment, Visit> visits = new LinkedHashMap<>();
    private volatile Instant now = today;
    private String identityLine = "";
    private @Nullable Proxy proxy;
    private Telemetry telemetry = new Telemetry(() -> now);

    private FaultTrial(Fault fault, Start start, Path folder, InetSocketAddress backend, LogLines log)
            throws IOException {
        this.fault = fault;
        this.start = start;
        this.backend = backend;
        this.log = log;
        StatusBook book = new StatusBook(VALIDITY, () -> now);
        responder = FaultyResponder.start(book);
        directory = new DemoDirectory(folder);
        pki = directory.pki(responder.url(), today.minus(AGE_AT_FAULT));
        book.open(pki.root()).open(pki.intermediate());
        writeConfiguration();
    }

    /** Plays one through, in a folder of its own. */
    static FaultCourse of(Fault fault, Start start, Path folder, InetSocketAddress backend, LogLines log)
            throws Exception {
        try (FaultTrial trial = new FaultTrial(fault, start, folder, backend, log)) {
            return trial.play();
        }
    }

    private FaultCourse play() throws Exception {
        if (start != Start.COLD) {
            now = today.minus(AGE_AT_FAULT);
            open();
            refreshUntil(Moment.BEFORE, Visit::isStapled);
        }
        if (start == Start.RESTARTED) {
            stop();
        }
        int logged = log.lines().size();
        Counts exchanges = exchanges();
        Counts refreshes = refreshes();
        Counts rungs = rungs();
        fault.begin(this);
        String asked = asked();
        now = today;
        open();
        refresh();
        visit(Moment.IN_FAULT);
        exchanges = exchanges().since(exchanges);
        refreshes = refreshes().since(refreshes);
        rungs = rungs().since(rungs);
        String status = status();
        boolean circuitOpen = isCircuitOpen();

        if (start != Start.COLD) {
            Instant end = today.minus(AGE_AT_FAULT).plus(VALIDITY).minus(LEEWAY);
            now = end.minusMillis(1);
            refresh();
            visit(Moment.LAST_MOMENT);
            now = end;
            refresh();
            visit(Moment.AFTER_END);
        }
        recover();
        return new FaultCourse(visits, status, exchanges, refreshes, rungs, circuitOpen, warnings(logged, asked));
    }

    @Override
    public FaultyResponder responder() {
        return responder;
    }

    @Override
    public void configure(String line) throws IOException {
        identityLine = line;
        writeConfiguration();
        if (proxy != null) {
            Counts before = reloads();
            proxy.reload();
            await().until(() -> !reloads().equals(before));
        }
    }

    @Override
    public void close() {
        stop();
        responder.close();
    }

    /** The responder is well again, and a little later, so that its answers are newer. */
    private void recover() throws Exception {
        responder.comeBack();
        now = now.plusSeconds(30);
        if (!identityLine.isEmpty()) {
            configure("");
        }
        List<Visit> earlier = List.copyOf(visits.values());
        refreshUntil(
                Moment.RECOVERED, visit -> visit.isStapled() && earlier.stream().noneMatch(visit::isLike));
    }

    /** Starts the proxy, unless it runs. */
    private void open() throws Exception {
        if (proxy == null) {
            var accepted = (Inspection.Accepted) Inspection.of(directory.configuration(), Map.of(), now);
            proxy = new Proxy(directory.configuration(), accepted, () -> now, telemetry, NEVER);
            proxy.bind();
            proxy.serve();
        }
    }

    private void stop() {
        if (proxy != null) {
            proxy.close();
            proxy = null;
            telemetry = new Telemetry(() -> now);
        }
    }

    /** Looks twice, so that one look has begun after this call. */
    private void refresh() throws IOException {
        for (int i = 0; i < 2; i++) {
            URI refresh = URI.create("http://127.0.0.1:" + port("admin") + "/refresh");
            HttpURLConnection request = (HttpURLConnection) refresh.toURL().openConnection();
            request.setRequestMethod("POST");
            assertThat(request.getResponseCode()).isEqualTo(200);
        }
    }

    /** On a busy machine even an honest responder may be late. */
    private void refreshUntil(Moment moment, Predicate<Visit> done) throws Exception {
        for (int tries = 0; tries < TRIES; tries++) {
            refresh();
            if (done.test(visit(moment))) {
                return;
            }
        }
    }

    private Visit visit(Moment moment) throws Exception {
        List<X509Certificate> chain = List.of(
                pki.server(), pki.intermediate().certificate(), pki.root().certificate());
        Visit visit = Visit.of(StapledHandshake.with(port("tls"), chain.getLast()), chain, now);
        visits.put(moment, visit);
        return visit;
    }

    private List<String> warnings(int from, String asked) {
        List<String> names =
                List.of(asked, serial(pki.server()), serial(pki.intermediate().certificate()));
        return log.lines().stream()
                .skip(from)
                .filter(line -> line.startsWith("WARN") || line.startsWith("ERROR"))
                .filter(line -> names.stream().anyMatch(name -> line.contains("\"" + name + "\"")))
                .toList();
    }

    private int port(String name) {
        return Site.port(Objects.requireNonNull(proxy).ports(), name);
    }

    private Counts exchanges() {
        return Counts.of(telemetry, "staplegate_responder_requests_seconds_count", "outcome");
    }

    private Counts refreshes() {
        return Counts.of(telemetry, "staplegate_staple_refreshes_total", "outcome");
    }

    private Counts rungs() {
        return Counts.of(telemetry, "staplegate_refreshes_by_rung_total", "rung");
    }

    private Counts reloads() {
        return Counts.of(telemetry, "staplegate_config_reloads_total", "outcome");
    }

    private boolean isCircuitOpen() {
        return !Counts.of(telemetry, "staplegate_responder_circuit_open", "responder")
                .by()
                .isEmpty();
    }

    private String status() {
        String leaf = "certificate=\"" + serial(pki.server()) + "\"";
        return Counts.of(telemetry, "staplegate_staple_status", "status", leaf).words();
    }

    /** The responder's URL in the identity's line, if it has one, or else in the certificates. */
    private String asked() {
        Matcher url = URL.matcher(identityLine);
        return url.find() ? url.group() : responder.url().toString();
    }

    private static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }

    private void writeConfiguration() throws IOException {
        Files.writeString(directory.configuration(), """
                identities:
                  - name: gateway
                    certificate: chain.pem
                    key: server.key
                    issuers: ca.pem
                    %s
                backends:
                  - name: echo
                    address: 127.0.0.1:%d
                listeners:
                  - name: tls
                    bind: 127.0.0.1:0
                    identities: [gateway]
                    backend: echo
                ocsp:
                  leeway: %ds
                  timeout: %ds
                state:
                  directory: state
                admin:
                  bind: 127.0.0.1:0
                """.formatted(
                        identityLine,
                        backend.getPort(),
                        LEEWAY.toSeconds(),
                        fault.timeout().toSeconds()));
    }
}
