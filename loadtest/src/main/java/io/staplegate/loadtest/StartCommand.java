package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.server.Folder;
import io.staplegate.loadtest.start.StartCourse;
import io.staplegate.loadtest.start.StartReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate-loadtest start}: cold starts with and without the AOT cache. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Start a proxy with and without the JVM's AOT cache, in turns: seconds to the ready line and to the end of"
                    + " the first handshake, CPU of the start and of the first handshakes.",
            "The certificates are made before, and the staples are on disk."
        })
final class StartCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--folder",
            required = true,
            paramLabel = "DIR",
            description = "What deploy/bin/prepare has made: staplegate.jar, lib, staplegate.aot.")
    private Path folder = Path.of("");

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "7",
            description = "Starts of each kind (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--handshakes",
            paramLabel = "N",
            defaultValue = "1000",
            description = "After each start (default: ${DEFAULT-VALUE}).")
    private int handshakes;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    StartCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure {
        Path cache = folder.resolve("staplegate.aot");
        if (!Files.isRegularFile(cache)) {
            throw new CommandFailure(
                    Exit.FAILED, "\"" + cache + "\" is missing", "make it with deploy/bin/prepare " + folder);
        }
        try (Folder work = Folder.temporary()) {
            StartReport report = new StartCourse(folder.toAbsolutePath(), work.path(), runs, handshakes).run();
            if (json) {
                console.print(JsonMapper.shared().writeValueAsString(report));
            } else {
                report.lines().forEach(console::print);
            }
            return Exit.DONE;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, String.valueOf(e.getMessage()), null);
        }
    }
}
