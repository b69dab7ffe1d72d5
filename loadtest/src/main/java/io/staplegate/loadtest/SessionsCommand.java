package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.device.LoopbackAddresses;
import io.staplegate.loadtest.device.SimulatedDevice;
import io.staplegate.loadtest.device.Swarm;
import io.staplegate.loadtest.server.Footprint;
import io.staplegate.loadtest.server.TestBed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest sessions}: what idle DTLS sessions cost. */
@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = {
            "Open DTLS sessions with a proxy from an address of its own each, leave them idle, and see what each costs:"
                    + " bytes of live heap and of resident memory, threads, file descriptors.",
            "Nothing of a device is kept but for a few, which speak again at the end. Starts the proxy by itself, with"
                    + " the JVM options of this one: STAPLEGATE_JAVA_OPTS.",
            "Exit code 1 where a session was not opened, or did not answer at the end."
        })
final class SessionsCommand implements Callable<Integer> {
    private static final int KEPT = 100;
    private static final int MOST_FAILURES = 100;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final byte[] DATAGRAM = "good morning".getBytes(StandardCharsets.US_ASCII);

    private final Console console;
    private final Queue<SimulatedDevice> kept = new ConcurrentLinkedQueue<>();

    @Option(names = "--count", required = true, paramLabel = "N", description = "How many sessions.")
    private int count;

    @Option(
            names = "--backend",
            description =
                    "Each device sends one datagram, so that its session has a backend socket: a file descriptor.")
    private boolean backend;

    @Option(
            names = "--concurrency",
            paramLabel = "C",
            defaultValue = "32",
            description = "How many handshakes at once (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "500",
            description = "Sessions before those that count: by then the proxy has loaded what one needs (default:"
                    + " ${DEFAULT-VALUE}).")
    private int warmup;

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            defaultValue = "330s",
            description = "How long they are idle before the count; the proxy keeps the last flight of a handshake for"
                    + " 5m (default: ${DEFAULT-VALUE}).")
    private Duration settle = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    SessionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (TestBed bed = TestBed.open(false, "maxConnections: " + (count + warmup))) {
            SessionsReport report = measure(bed);
            print(report);
            return report.opened() == count && report.answering() == report.asked() ? Exit.DONE : Exit.FAILED;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, String.valueOf(e.getMessage()), null);
        } finally {
            kept.forEach(SimulatedDevice::close);
        }
    }

    private SessionsReport measure(TestBed bed) throws IOException, InterruptedException {
        Swarm swarm = new Swarm(concurrency);
        swarm.each(0, warmup, device -> open(device, bed).close());
        Footprint before = Footprint.of(bed.process());
        long begin = System.nanoTime();
        Swarm.Outcome opened = swarm.each(warmup, warmup + count, MOST_FAILURES, device -> keepFew(open(device, bed)));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        Footprint fresh = Footprint.of(bed.process());
        new CountDownLatch(1).await(settle.toMillis(), TimeUnit.MILLISECONDS);
        Footprint idle = Footprint.of(bed.process());
        long open = bed.metrics().sum("staplegate_sessions");
        List<SimulatedDevice> asked = List.copyOf(kept);
        Swarm.Outcome answers =
                swarm.each(0, asked.size(), device -> asked.get(device).exchange(DATAGRAM, LIMIT));
        return new SessionsReport(
                opened.done(),
                opened.failures(),
                took.toNanos() / 1e9,
                before,
                fresh,
                idle,
                open,
                asked.size(),
                answers.done());
    }

    private SimulatedDevice open(int number, TestBed bed) throws IOException {
        SimulatedDevice device = SimulatedDevice.connect(LoopbackAddresses.of(number), bed.address(), LIMIT);
        if (backend) {
            try {
                device.exchange(DATAGRAM, LIMIT);
            } catch (IOException e) {
                device.close();
                throw e;
            }
        }
        return device;
    }

    private void keepFew(SimulatedDevice device) {
        if (kept.size() < KEPT) {
            kept.add(device);
        } else {
            device.close();
        }
    }

    private void print(SessionsReport report) {
        if (json) {
            console.print(JsonMapper.shared().writeValueAsString(report));
        } else {
            report.lines().forEach(console::print);
        }
    }
}
