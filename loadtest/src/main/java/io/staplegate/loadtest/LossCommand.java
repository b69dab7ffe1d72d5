package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.device.LoopbackAddresses;
import io.staplegate.loadtest.device.SimulatedDevice;
import io.staplegate.loadtest.device.Swarm;
import io.staplegate.loadtest.server.TestBed;
import io.staplegate.loadtest.udp.DatagramPath;
import io.staplegate.loadtest.udp.RandomLoss;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest loss}: handshakes over paths that lose datagrams. */
@Command(
        name = "loss",
        mixinStandardHelpOptions = true,
        description = {
            "Shake hands over DTLS on paths that lose a share of the datagrams each way, at random and the same for the"
                    + " same seed; see how many handshakes come to their end in time.",
            "Both sides send again after 1s, 2s, 4s and so on. Starts the proxy by itself."
        })
final class LossCommand implements Callable<Integer> {
    private static final int AT_ONCE = 100;
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Console console;

    @Option(
            names = "--percent",
            paramLabel = "P",
            split = ",",
            defaultValue = "10,20,30",
            description = "Shares to lose, in percent (default: ${DEFAULT-VALUE}).")
    private List<Integer> percents = List.of();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "200",
            description = "Handshakes for each share (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--limit",
            paramLabel = "DURATION",
            defaultValue = "60s",
            description = "For each handshake, on both sides (default: ${DEFAULT-VALUE}).")
    private Duration limit = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    LossCommand(Console console) {
        this.console = console;
    }

    /**
     * What came of the handshakes at one share.
     *
     * @param percent lost each way
     * @param latency in microseconds, of those that came to their end
     */
    record Result(int percent, int handshakes, int completed, Report.Latency latency) {
        private String line() {
            return "%2d %% lost  %d of %d within the limit (%.1f %%); %s"
                    .formatted(percent, completed, handshakes, 100.0 * completed / handshakes, latency.line());
        }
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (TestBed bed = TestBed.open(false, "handshakeTimeout: " + limit.toMillis() + "ms")) {
            List<Result> results = new ArrayList<>();
            for (int percent : percents) {
                results.add(shakeHands(bed, percent));
            }
            if (json) {
                console.print(JsonMapper.shared().writeValueAsString(results));
            } else {
                results.stream().map(Result::line).forEach(console::print);
            }
            return Exit.DONE;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, String.valueOf(e.getMessage()), null);
        }
    }

    private Result shakeHands(TestBed bed, int percent) throws InterruptedException {
        Histogram latency = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
        Swarm.Outcome outcome = new Swarm(AT_ONCE).each(0, count, device -> {
            long begin = System.nanoTime();
            RandomLoss loss = new RandomLoss(percent / 100.0, seed + device);
            try (DatagramPath path = DatagramPath.to(bed.address(), loss);
                    SimulatedDevice _ = SimulatedDevice.connect(LoopbackAddresses.of(device), path.address(), limit)) {
                latency.recordValue(System.nanoTime() - begin);
            }
        });
        return new Result(percent, count, outcome.done(), Report.Latency.of(latency));
    }
}
