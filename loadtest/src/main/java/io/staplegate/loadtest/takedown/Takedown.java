package io.staplegate.loadtest.takedown;

import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import io.staplegate.loadtest.server.Metrics;
import io.staplegate.loadtest.server.ProxyProcess;
import io.staplegate.loadtest.site.Arrivals;
import io.staplegate.loadtest.site.BookAnswers;
import io.staplegate.loadtest.site.SiteDevices;
import io.staplegate.loadtest.site.Sites;
import io.staplegate.loadtest.site.SwitchedResponder;
import io.staplegate.loadtest.takedown.TakedownReport.Period;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A flood that takes down a responder, and devices that come meanwhile. Happens once. */
public final class Takedown implements AutoCloseable {
    /**
     * How much of everything.
     *
     * @param handshakes a second
     * @param flood clients, each with one request at a time
     * @param calm how long devices are watched before the flood
     * @param flooded how long the flood lasts
     * @param dead how long the responder is dead behind it
     * @param longest that a handshake may take; less than {@code ocsp.timeout}, which is 5 seconds here
     */
    public record Plan(int handshakes, int flood, Duration calm, Duration flooded, Duration dead, Duration longest) {}

    private static final int SITES = 5;

    /** Of the responder: requests a second, several times what the proxy needs. */
    private static final int STRENGTH = 20;

    private static final Duration VALIDITY = Duration.ofHours(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** Of those whom the responder does not hang up on; the proxy has given up by then. */
    private static final Duration LONGEST_QUEUE = Duration.ofSeconds(7);

    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final String UPDATED = "updated";
    private static final String FAILED = "failed";
    private static final String LOOKS = "staplegate_staple_refreshes_total";

    private final Plan plan;
    private final Path folder;
    private final InstantSource clock = InstantSource.system();
    private final TcpBackend backend;
    private final SwitchedResponder responder;
    private final Sites sites;

    /** Issues the certificates. {@code folder}: for files, the proxy's own among them. */
    public Takedown(Plan plan, Path folder) throws IOException {
        this.plan = plan;
        this.folder = folder;
        this.backend = TcpBackend.start(0);
        StatusBook book = new StatusBook(VALIDITY, clock);
        this.responder =
                new SwitchedResponder(new FrailAnswers(new BookAnswers(book, new Arrivals()), STRENGTH, LONGEST_QUEUE));
        this.sites = Sites.issue(folder, SITES, clock.instant(), List.of(responder.url()));
        book.open(sites.authority());
        Files.writeString(
                folder.resolve("staplegate.yaml"),
                sites.configuration() + """
                backends: [{ name: echo, address: "127.0.0.1:%d" }]
                ocsp: { maxAge: 1s, timeout: %ds }
                state: { directory: state }
                admin: { bind: "127.0.0.1:0" }
                """.formatted(backend.address().getPort(), TIMEOUT.toSeconds()));
    }

    /** Lets it happen. */
    public TakedownReport happen() throws IOException, InterruptedException {
        responder.bringUp();
        try (ProxyProcess proxy = ProxyProcess.start(folder.resolve("staplegate.yaml"), folder.resolve("proxy.log"))) {
            Metrics metrics = proxy.metrics();
            SiteDevices devices = new SiteDevices(sites, proxy.tls(), clock);
            List<Period> periods = new ArrayList<>();
            period("warm-up", WARM_UP, devices);
            periods.add(period("before", plan.calm, devices));
            Map<String, Long> before = metrics.counts(LOOKS);
            long sent;
            long answered;
            try (RequestFlood flood = new RequestFlood(responder.url(), request(), plan.flood)) {
                periods.add(period("in the flood", plan.flooded, devices));
                sent = flood.sent();
                answered = flood.answered();
            }
            responder.takeDown();
            periods.add(period("dead responder", plan.dead, devices));
            return new TakedownReport(
                    plan.handshakes,
                    plan.longest.toNanos() / 1e6,
                    periods,
                    sent,
                    answered,
                    before.getOrDefault(UPDATED, 0L),
                    metrics.counts(LOOKS).getOrDefault(FAILED, 0L) - before.getOrDefault(FAILED, 0L));
        }
    }

    private Period period(String name, Duration time, SiteDevices devices) throws InterruptedException {
        return SteadyHandshakes.during(time, plan.handshakes, devices, SITES, name);
    }

    private byte[] request() {
        return OcspRequest.encode(CertId.of(
                CertIdHash.SHA1,
                sites.certificates().getFirst(),
                sites.authority().certificate()));
    }

    @Override
    public void close() throws IOException {
        responder.close();
        backend.close();
    }
}
