package io.staplegate.app;

import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.StatusBook;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.StapleJudge;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    private static final Duration NEVER = Duration.ofDays(1);

    private final Fault fault;
    private final Start start;
    private final InetSocketAddress backend;
    private final DemoDirectory directory;
    private final DemoPki pki;
    private final FaultyResponder responder;
    private final Instant today = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Map<Moment, Visit> visits = new LinkedHashMap<>();
    private volatile Instant now = today;
    private String identityLine = "";
    private @Nullable Proxy proxy;
    private Telemetry telemetry = new Telemetry(() -> now);

    /** What the proxy has when the fault begins. */
    enum Start {
        /** Nothing: it starts for the first time. */
        COLD,
        /** A good staple: it runs. */
        WARM,
        /** A good staple on its disk: it starts again. */
        RESTARTED
    }

    /** When a device came. */
    enum Moment {
        BEFORE,
        IN_FAULT,
        LAST_MOMENT,
        AFTER_END,
        RECOVERED
    }

    /** What a device got, at a moment of the proxy's clock. */
    record Visit(Instant at, StapledHandshake handshake) {}

    /**
     * What came of it.
     *
     * @param responder that was asked during the fault, as logs name it
     * @param visits one for each moment there was
     * @param status of the leaf during the fault, as the metric has it
     * @param exchanges with the responder during the fault, by outcome
     * @param refreshes of both certificates during the fault, by outcome
     */
    record Course(
            DemoPki pki,
            String responder,
            Map<Moment, Visit> visits,
            String status,
            Counts exchanges,
            Counts refreshes) {

        /** What strict devices make of each staple of a visit. */
        List<String> verdicts(Visit visit) {
            List<StapleJudge> judges = List.of(
                    new StapleJudge(pki.server(), pki.intermediate().certificate()),
                    new StapleJudge(pki.intermediate().certificate(), pki.root().certificate()));
            List<String> verdicts = new ArrayList<>();
            for (byte[] staple : visit.handshake.staples()) {
                verdicts.add(judges.get(verdicts.size()).judge(staple, visit.at));
            }
            return verdicts;
        }

        /** Whether a line of the log is about these certificates or their responder. */
        boolean concerns(String line) {
            return Stream.of(responder, serial(pki.server()), serial(pki.intermediate().certificate()))
                    .anyMatch(name -> line.contains("\"" + name + "\""));
        }
    }

    private FaultTrial(Fault fault, Start start, Path folder, InetSocketAddress backend) throws IOException {
        this.fault = fault;
        this.start = start;
        this.backend = backend;
        StatusBook book = new StatusBook(VALIDITY, () -> now);
        responder = FaultyResponder.start(book);
        directory = new DemoDirectory(folder);
        pki = directory.pki(responder.url(), today.minus(AGE_AT_FAULT));
        book.open(pki.root()).open(pki.intermediate());
        writeConfiguration();
    }

    /** Plays one through, in a folder of its own. */
    static Course of(Fault fault, Start start, Path folder, InetSocketAddress backend) throws Exception {
        try (FaultTrial trial = new FaultTrial(fault, start, folder, backend)) {
            return trial.play();
        }
    }

    private Course play() throws Exception {
        if (start != Start.COLD) {
            now = today.minus(AGE_AT_FAULT);
            open();
            visit(Moment.BEFORE);
        }
        if (start == Start.RESTARTED) {
            stop();
        }
        Counts exchanges = exchanges();
        Counts refreshes = refreshes();
        fault.begin(this);
        now = today;
        open();
        refresh();
        refresh();
        visit(Moment.IN_FAULT);
        String status = status();
        exchanges = exchanges().since(exchanges);
        refreshes = refreshes().since(refreshes);
        String asked = asked();

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
        refresh();
        visit(Moment.RECOVERED);
        return new Course(pki, asked, visits, status, exchanges, refreshes);
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
            proxy.reload();
        }
    }

    @Override
    public void close() {
        stop();
        responder.close();
    }

    /** The responder is well again, and a little later, so that its answers are newer. */
    private void recover() throws IOException {
        responder.comeBack();
        now = now.plusSeconds(30);
        configure("");
    }

    /** Starts the proxy, unless it runs. */
    private void open() throws Exception {
        if (proxy == null) {
            telemetry = new Telemetry(() -> now);
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
        }
    }

    private void refresh() throws Exception {
        new AdminClient(URI.create("http://127.0.0.1:" + port("admin"))).refresh(null);
    }

    private void visit(Moment moment) throws Exception {
        var handshake = StapledHandshake.with(port("tls"), pki.root().certificate());
        visits.put(moment, new Visit(now, handshake));
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
                """.formatted(identityLine, backend.getPort(), LEEWAY.toSeconds(), fault.timeout().toSeconds()));
    }
}
