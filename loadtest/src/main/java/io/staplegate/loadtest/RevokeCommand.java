package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.revoke.RevokeCourse;
import io.staplegate.loadtest.revoke.RevokeReport;
import io.staplegate.loadtest.server.Folder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest revoke}: devices that are in are revoked. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Let devices connect over TLS 1.3, TLS 1.2 and DTLS, then revoke them: by OCSP, by a revocation list, and"
                    + " by the operator's deny list. Tells how long it takes until each is cut off, from the revocation"
                    + " and from the answer in which the proxy could read it; and what a device gets that comes again.",
            "They are revoked as soon as they are in, when what speaks for them is fresh: later, it takes less.",
            "Starts the proxy by itself, with the JVM options of this one: STAPLEGATE_JAVA_OPTS.",
            "Exit code 1 where a device is cut off later than a minute after that answer, or a second after the deny"
                    + " list was written; without the alert certificate_revoked, or access_denied; or gets in again."
        })
final class RevokeCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--validity",
            paramLabel = "DURATION",
            defaultValue = "2m",
            description = "Of OCSP answers and lists; they are fetched anew at half of it (default: ${DEFAULT-VALUE}).")
    private Duration validity = Duration.ZERO;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    RevokeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (Folder folder = Folder.temporary();
                RevokeCourse course = new RevokeCourse(validity, folder.path())) {
            RevokeReport report = course.happen();
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
