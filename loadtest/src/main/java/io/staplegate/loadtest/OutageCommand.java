package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.outage.Outage;
import io.staplegate.loadtest.outage.OutageReport;
import io.staplegate.loadtest.server.Folder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest outage}: all responders are down for a month. */
@Command(
        name = "outage",
        mixinStandardHelpOptions = true,
        description = {
            "Take all responders down for longer than staples last, in simulated time, and bring them up again: the"
                    + " proxy's staple room and a TLS listener run in this process by a clock that skips.",
            "Meanwhile each certificate is looked at every 25 simulated seconds, and devices shake hands in the last"
                    + " minute of staples and behind it.",
            "Exit code 1 where a staple was lost before its end or kept beyond it, where a handshake failed, where the"
                    + " staples were not back within a minute and what so many requests take, or where more than"
                    + " --rate requests came in any second."
        })
final class OutageCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--certificates",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many, with an identity each (default: ${DEFAULT-VALUE}).")
    private int certificates;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "ocsp.maxRequestsPerSecond (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--validity",
            paramLabel = "DURATION",
            defaultValue = "168h",
            description = "Of each answer (default: ${DEFAULT-VALUE}).")
    private Duration validity = Duration.ZERO;

    @Option(
            names = "--length",
            paramLabel = "DURATION",
            defaultValue = "720h",
            description = "Of the outage (default: ${DEFAULT-VALUE}).")
    private Duration length = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    OutageCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if (length.compareTo(validity) <= 0) {
            throw new CommandFailure(Exit.USAGE, "--length: no longer than --validity, so that no staple ends", null);
        }
        try (Folder folder = Folder.temporary();
                Outage outage = new Outage(new Outage.Plan(certificates, rate, validity, length), folder.path())) {
            OutageReport report = outage.happen();
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
