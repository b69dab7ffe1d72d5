package io.staplegate.app;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code staplegate check}: everything that can be wrong without opening a socket. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Print everything that is wrong with a configuration, without opening a socket.")
final class CheckCommand implements Callable<Integer> {
    private final Console console;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration file.")
    private Path config = Path.of("");

    CheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Inspection inspection = Inspection.of(config, System.getenv(), Instant.now());
        inspection.problems().forEach(console::problem);
        return switch (inspection) {
            case Inspection.Accepted _ -> {
                console.print("ok");
                yield Exit.DONE;
            }
            case Inspection.Refused _ -> Exit.BAD_CONFIGURATION;
        };
    }
}
