package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.fleet.FleetCourse;
import io.staplegate.loadtest.fleet.FleetReport;
import io.staplegate.loadtest.server.Folder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest fleet}: thousands of identities. */
@Command(
        name = "fleet",
        mixinStandardHelpOptions = true,
        description = {
            "Run a proxy with thousands of identities, and count at their responder what it asks: at the start, in"
                    + " steady refresh, over a restart, in an outage and when the responder is back.",
            "Starts the proxy by itself, with the JVM options of this one: STAPLEGATE_JAVA_OPTS.",
            "Exit code 1 where more than --rate requests came in any second, where a certificate was asked about that"
                    + " was not due, or where a staple ended that could have been renewed in time."
        })
final class FleetCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--identities",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many, with a certificate each (default: ${DEFAULT-VALUE}).")
    private int identities;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description = "ocsp.maxRequestsPerSecond (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--validity",
            paramLabel = "DURATION",
            defaultValue = "10m",
            description = "Of each answer (default: ${DEFAULT-VALUE}).")
    private Duration validity = Duration.ZERO;

    @Option(
            names = "--max-age",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "ocsp.maxAge (default: ${DEFAULT-VALUE}).")
    private Duration maxAge = Duration.ZERO;

    @Option(
            names = "--steady",
            paramLabel = "DURATION",
            defaultValue = "8m",
            description = "How long between the first staples and the restart (default: ${DEFAULT-VALUE}).")
    private Duration steady = Duration.ZERO;

    @Option(
            names = "--outage",
            paramLabel = "DURATION",
            defaultValue = "6m",
            description = "How long the responder is down; 0s: never (default: ${DEFAULT-VALUE}).")
    private Duration outage = Duration.ZERO;

    @Option(names = "--svg", paramLabel = "FILE", description = "Write the plot to a file, too.")
    private @Nullable Path svg;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    FleetCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        FleetCourse.Plan plan = new FleetCourse.Plan(identities, rate, validity, maxAge, steady, outage);
        try (Folder folder = Folder.temporary();
                FleetCourse course = new FleetCourse(plan, folder.path())) {
            FleetReport report = course.run();
            if (svg != null) {
                report.plot(svg);
            }
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
