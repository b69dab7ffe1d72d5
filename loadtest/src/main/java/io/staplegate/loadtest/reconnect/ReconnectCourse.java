package io.staplegate.loadtest.reconnect;

import io.staplegate.demo.Responder;
import io.staplegate.demo.TcpBackend;
import io.staplegate.loadtest.device.DeviceCertificates;
import io.staplegate.loadtest.reconnect.ReconnectReport.Row;
import io.staplegate.loadtest.server.EventLoopRecording;
import io.staplegate.loadtest.server.PemFile;
import io.staplegate.loadtest.server.ProxyProcess;
import io.staplegate.loadtest.site.Sites;
import io.staplegate.loadtest.site.SwitchedResponder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A fleet that comes back at once to a proxy that knows none of its devices, again for each limit. Happens once. */
public final class ReconnectCourse implements AutoCloseable {
    /**
     * How much of everything.
     *
     * @param atOnce how many of them shake hands at a time
     * @param roundTrip from a request to the responder's answer
     * @param policy of revocation: {@code hard} or {@code soft}
     * @param budget that a device waits for its verdict
     * @param maxFetches each limit that is tried: {@code devices.maxConcurrentFetches}
     * @param warmUp handshakes of one more device, ahead of the fleet
     * @param longest that the last device is waited for, and the last answer
     * @param blocked a call that takes an event loop so long counts
     */
    public record Plan(
            int devices,
            int atOnce,
            Duration roundTrip,
            String policy,
            Duration budget,
            List<Integer> maxFetches,
            int warmUp,
            Duration longest,
            Duration blocked) {}

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int WARM_UP_AT_ONCE = 16;

    private final Plan plan;
    private final Path folder;
    private final InstantSource clock = InstantSource.system();
    private final DeviceCertificates devices;
    private final SlowAnswers answers;
    private final SwitchedResponder responder;
    private final TcpBackend backend;

    /** Issues the certificates, and signs the answers. {@code folder}: for files, the proxy's own among them. */
    public ReconnectCourse(Plan plan, Path folder) throws IOException {
        this.plan = plan;
        this.folder = folder;
        Instant now = clock.instant();
        Sites.issue(folder, 1, now, List.of());
        this.backend = TcpBackend.start(0);
        this.responder = new SwitchedResponder((request, context) -> answers().give(request, context));
        this.devices = DeviceCertificates.issue("Device CA", plan.devices + WARM_UP_AT_ONCE, now, responder.url());
        this.answers = new SlowAnswers(devices, plan.roundTrip, now);
        PemFile.write(folder.resolve("devices.pem"), devices.authority().certificate());
    }

    private Responder.Answer answers() {
        return answers;
    }

    /** Lets it happen. */
    public ReconnectReport happen() throws IOException, InterruptedException {
        responder.bringUp();
        List<Row> rows = new ArrayList<>();
        for (int maxFetches : plan.maxFetches) {
            rows.add(happen(maxFetches));
        }
        return new ReconnectReport(
                plan.devices, plan.policy, plan.budget.toNanos() / 1e9, plan.roundTrip.toNanos() / 1e6, rows);
    }

    private Row happen(int maxFetches) throws IOException, InterruptedException {
        EventLoopRecording recording =
                new EventLoopRecording(folder.resolve("proxy-" + maxFetches + ".jfr"), plan.blocked);
        Path log = folder.resolve("proxy-" + maxFetches + ".log");
        Storm storm;
        Instant since;
        Instant until;
        long begin;
        double cpu;
        Map<String, Long> unanswered;
        try (ProxyProcess proxy = ProxyProcess.start(configuration(maxFetches), log, recording.options())) {
            warmUp(proxy);
            answers.startOver();
            Duration cpuBefore = cpu(proxy);
            storm = new Storm(devices, proxy.tls(), plan.atOnce);
            since = clock.instant();
            begin = System.nanoTime();
            storm.blow(0, plan.devices, plan.longest);
            awaitAnswers(plan.devices);
            until = clock.instant();
            cpu = cpu(proxy).minus(cpuBefore).toNanos() / 1e9;
            unanswered = proxy.metrics().counts("staplegate_responder_requests_seconds_count", "outcome");
            unanswered.remove("ok");
            proxy.stop();
        }
        EventLoopRecording.Finding finding = recording.read(since, until);
        return new Row(
                maxFetches,
                storm.in(),
                (storm.lastIn() - begin) / 1e9,
                storm.refusedAtFirst(),
                storm.tries(),
                answers.requests(),
                answers.certificates(),
                answers.mostAboutOne(),
                (answers.lastNanos() - begin) / 1e9,
                unanswered,
                storm.handshakePercentile(50),
                storm.handshakePercentile(99),
                cpu,
                finding.blocked(),
                finding.contended());
    }

    /** Where the policy is soft, devices do not wait for theirs. */
    private void awaitAnswers(int count) throws InterruptedException {
        long begin = System.nanoTime();
        while (answers.answered() < count && System.nanoTime() - begin < plan.longest.toNanos()) {
            new CountDownLatch(1).await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A proxy that has been running has compiled what a handshake needs. */
    private void warmUp(ProxyProcess proxy) throws InterruptedException {
        for (int done = 0; done < plan.warmUp; done += WARM_UP_AT_ONCE) {
            new Storm(devices, proxy.tls(), WARM_UP_AT_ONCE)
                    .blow(plan.devices, plan.devices + WARM_UP_AT_ONCE, plan.longest);
        }
        awaitAnswers(plan.warmUp == 0 ? 0 : WARM_UP_AT_ONCE);
    }

    /** Responder and backend share the machine with all others: they may be late for want of CPU. */
    private Path configuration(int maxFetches) throws IOException {
        Path file = folder.resolve("staplegate-" + maxFetches + ".yaml");
        Files.writeString(file, """
                identities:
                  - { name: site, certificate: site-00000.pem, key: site.key, issuers: root.pem, stapling: off }
                backends: [{ name: echo, address: "127.0.0.1:%d", connectTimeout: 60s }]
                listeners:
                  - name: tls
                    bind: "127.0.0.1:0"
                    identities: [site]
                    backend: echo
                    handshakeTimeout: 60s
                    clientAuth:
                      trustAnchors: devices.pem
                      revocation: { policy: %s, prefer: ocsp, budget: %dms }
                devices: { maxConcurrentFetches: %d }
                ocsp: { timeout: 60s }
                state: { directory: state-%d }
                admin: { bind: "127.0.0.1:0" }
                """.formatted(
                        backend.address().getPort(), plan.policy, plan.budget.toMillis(), maxFetches, maxFetches));
        return file;
    }

    private static Duration cpu(ProxyProcess proxy) {
        return proxy.process().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() throws IOException {
        responder.close();
        backend.close();
    }
}
