package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.server.Folder;
import io.staplegate.loadtest.takedown.Takedown;
import io.staplegate.loadtest.takedown.TakedownReport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest takedown}: a flood on the responder. */
@Command(
        name = "takedown",
        mixinStandardHelpOptions = true,
        description = {
            "Flood a responder that signs 20 answers a second until it is of no use, then take it down, while"
                    + " devices shake hands with the proxy at a steady pace. The proxy wants to renew each staple every"
                    + " second.",
            "Starts the proxy by itself, with the JVM options of this one: STAPLEGATE_JAVA_OPTS.",
            "Exit code 1 where a handshake failed, went without a verified staple, or took longer than --longest and"
                    + " twice the longest before the flood."
        })
final class TakedownCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--handshakes",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many a second (default: ${DEFAULT-VALUE}).")
    private int handshakes;

    @Option(
            names = "--flood",
            paramLabel = "N",
            defaultValue = "160",
            description =
                    "Clients of the responder that ask again and again; 140 keep it busy for longer than the proxy"
                            + " waits (default: ${DEFAULT-VALUE}).")
    private int flood;

    @Option(
            names = "--before",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "How long devices are watched before the flood (default: ${DEFAULT-VALUE}).")
    private Duration before = Duration.ZERO;

    @Option(
            names = "--during",
            paramLabel = "DURATION",
            defaultValue = "60s",
            description = "How long the flood lasts (default: ${DEFAULT-VALUE}).")
    private Duration during = Duration.ZERO;

    @Option(
            names = "--dead",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "How long the responder is down behind it (default: ${DEFAULT-VALUE}).")
    private Duration dead = Duration.ZERO;

    @Option(
            names = "--longest",
            paramLabel = "DURATION",
            defaultValue = "1s",
            description = "What a handshake may take; who waits for the responder waits for 5s (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration longest = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    TakedownCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        Takedown.Plan plan = new Takedown.Plan(handshakes, flood, before, during, dead, longest);
        try (Folder folder = Folder.temporary();
                Takedown takedown = new Takedown(plan, folder.path())) {
            TakedownReport report = takedown.happen();
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
}
