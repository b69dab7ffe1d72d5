package io.staplegate.loadtest;

import com.sun.management.UnixOperatingSystemMXBean;
import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.reconnect.ReconnectCourse;
import io.staplegate.loadtest.reconnect.ReconnectReport;
import io.staplegate.loadtest.server.Folder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest reconnect}: a fleet with certificates comes back at once. */
@Command(
        name = "reconnect",
        mixinStandardHelpOptions = true,
        description = {
            "Let thousands of devices, each with its certificate, shake hands over TLS 1.3 at once with"
                    + " a proxy that knows none of them, and whose OCSP responder takes its time. Whoever is let in"
                    + " says a word through to the backend and goes; whoever is not comes again after 1 to 2 seconds,"
                    + " then twice that, up to 30. Devices, responder and proxy share this machine: a handshake waits"
                    + " for all others, and the proxy's timeouts are 60s.",
            "Starts the proxy by itself, once for each limit, with the JVM options of this one: STAPLEGATE_JAVA_OPTS."
                    + " JDK Flight Recorder watches its event loops: a call counts as blocked where one of their"
                    + " threads waited for --blocked or longer for a socket, a file, another thread or time; as"
                    + " contended where it waited for a synchronized block, which on a busy machine takes that long"
                    + " where its owner has no CPU.",
            "Exit code 1 where the responder was asked twice about a certificate, a device never got in, or a call"
                    + " blocked an event loop."
        })
final class ReconnectCommand implements Callable<Integer> {
    private static final int DESCRIPTORS_BESIDE = 1_000;

    private final Console console;

    /** What becomes of a device whose status is not known in time. */
    private enum Policy {
        HARD,
        SOFT
    }

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int devices;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many of them shake hands at a time (default: ${DEFAULT-VALUE}).")
    private int atOnce;

    @Option(
            names = "--rtt",
            paramLabel = "DURATION",
            defaultValue = "300ms",
            description = "From a request to the responder's answer (default: ${DEFAULT-VALUE}).")
    private Duration roundTrip = Duration.ZERO;

    @Option(
            names = "--policy",
            paramLabel = "hard|soft",
            defaultValue = "hard",
            description = "Refuse a device whose status is not known in time, or let it in (default: hard).")
    private Policy policy = Policy.HARD;

    @Option(
            names = "--budget",
            paramLabel = "DURATION",
            defaultValue = "2s",
            description = "How long a device waits for its verdict (default: ${DEFAULT-VALUE}).")
    private Duration budget = Duration.ZERO;

    @Option(
            names = "--max-fetches",
            paramLabel = "N",
            split = ",",
            defaultValue = "32,128,512",
            description = "devices.maxConcurrentFetches, one after the other (default: ${DEFAULT-VALUE}).")
    private List<Integer> maxFetches = List.of();

    @Option(
            names = "--warmup",
            paramLabel = "N",
            defaultValue = "3000",
            description = "Handshakes of other devices before, 16 at a time (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--longest",
            paramLabel = "DURATION",
            defaultValue = "20m",
            description = "How long the last device is waited for (default: ${DEFAULT-VALUE}).")
    private Duration longest = Duration.ZERO;

    @Option(
            names = "--blocked",
            paramLabel = "DURATION",
            defaultValue = "20ms",
            description = "A call that takes an event loop so long counts (default: ${DEFAULT-VALUE}).")
    private Duration blocked = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    ReconnectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        requireDescriptors();
        ReconnectCourse.Plan plan = new ReconnectCourse.Plan(
                devices,
                atOnce,
                roundTrip,
                policy.name().toLowerCase(Locale.ROOT),
                budget,
                maxFetches,
                warmUp,
                longest,
                blocked);
        try (Folder folder = Folder.temporary();
                ReconnectCourse course = new ReconnectCourse(plan, folder.path())) {
            ReconnectReport report = course.happen();
            if (json) {
                console.print(JsonMapper.shared().writeValueAsString(report));
            } else {
                report.lines().forEach(console::print);
            }
            return report.passed() ? Exit.DONE : Exit.FAILED;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, String.valueOf(e.getMessage()), null);
        }
    }

    /** A socket for each device, here and in the proxy, and one to the backend for those that are just in. */
    private void requireDescriptors() throws CommandFailure {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long needed = devices + devices / 4L + DESCRIPTORS_BESIDE;
            long most = system.getMaxFileDescriptorCount();
            if (most < needed) {
                throw new CommandFailure(
                        Exit.USAGE,
                        "--devices: %d need %d open files, and %d is the limit".formatted(devices, needed, most),
                        "ulimit -n " + needed);
            }
        }
    }
}
