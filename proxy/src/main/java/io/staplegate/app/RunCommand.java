package io.staplegate.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code staplegate run}: the proxy, until SIGTERM. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Run the proxy until SIGTERM, then drain and stop. SIGHUP reads the files again.",
            "Prints one line when it serves: ready tls=PORT dtls=PORT admin=PORT mirror=PORT"
        })
final class RunCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration file.")
    private Path config = Path.of("");

    RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        EarlyStart.begin();
        Inspection inspection = Inspection.of(config, System.getenv(), Instant.now());
        inspection.problems().forEach(console::problem);
        return switch (inspection) {
            case Inspection.Accepted accepted -> serve(accepted);
            case Inspection.Refused _ -> Exit.BAD_CONFIGURATION;
        };
    }

    private int serve(Inspection.Accepted accepted) throws CommandFailure, IOException {
        try {
            Serving.untilInterrupted(config, accepted, console, ports -> ports);
            return Exit.DONE;
        } catch (StartFailure e) {
            throw new CommandFailure(Exit.FAILED, e.path() + ": " + e.getMessage(), null);
        }
    }
}
