package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.crl.CrlCourse;
import io.staplegate.loadtest.crl.CrlReport;
import io.staplegate.loadtest.server.Folder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest crl}: a revocation list with millions of entries. */
@Command(
        name = "crl",
        mixinStandardHelpOptions = true,
        description = {
            "Load a large revocation list as devices are checked against: how long it takes, what it weighs in memory,"
                    + " what a look-up takes, and what handshakes notice while the next one is fetched and read.",
            "Everything happens in this process, HTTP and TLS on loopback.",
            "Exit code 1 where a handshake failed, or an entry of a million or more takes more than 24 bytes."
        })
final class CrlCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--entries",
            paramLabel = "N",
            defaultValue = "5000000",
            description = "On the list, with serials of 20 bytes (default: ${DEFAULT-VALUE}).")
    private int entries;

    @Option(
            names = "--handshakes",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many a second (default: ${DEFAULT-VALUE}).")
    private int handshakes;

    @Option(
            names = "--calm",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "How long devices are watched when nothing goes on (default: ${DEFAULT-VALUE}).")
    private Duration calm = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    CrlCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (Folder folder = Folder.temporary()) {
            CrlReport report = new CrlCourse(new CrlCourse.Plan(entries, handshakes, calm), folder.path()).happen();
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
