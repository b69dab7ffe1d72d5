package io.staplegate.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A program of this machine that a test runs as a child process. A program that is missing is a visible skip, or a
 * failure with {@code -Dstaplegate.interop=required}.
 */
public final class ExternalProgram {
    private final Path executable;
    private final Path folder;
    private final Map<String, String> environment;

    private ExternalProgram(Path executable, Path folder, Map<String, String> environment) {
        this.executable = executable;
        this.folder = folder;
        this.environment = environment;
    }

    /** What a run left behind: both streams as one text, in the order in which they came. */
    public record Outcome(int exit, String output) {}

    /** The program of that name on PATH; where there is none, the test ends here. */
    public static ExternalProgram named(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(ExternalProgram::at)
                .orElseThrow(() -> missing(name + " is not on PATH"));
    }

    public static ExternalProgram at(Path executable) {
        return new ExternalProgram(executable, Path.of("."), Map.of());
    }

    /** Ends the test: by what it returns, as a skip, or as a failure where every program is required. */
    public static TestAbortedException missing(String what) {
        if (System.getProperty("staplegate.interop", "skip").equals("required")) {
            fail(what);
        }
        return new TestAbortedException(what);
    }

    /** The same program, run in a folder. */
    public ExternalProgram in(Path other) {
        return new ExternalProgram(executable, other, environment);
    }

    /** The same program, with one variable in its environment besides the test's own. */
    public ExternalProgram with(String variable, Path value) {
        return new ExternalProgram(executable, folder, Map.of(variable, value.toString()));
    }

    /** Runs to the end with nothing to read; fails, and kills it, where it does not end in time. */
    public Outcome run(Object... arguments) throws IOException, InterruptedException {
        try (RunningProgram running = start(arguments)) {
            return running.finish();
        }
    }

    /** Starts the program and returns at once. */
    public RunningProgram start(Object... arguments) throws IOException {
        List<String> command = Stream.concat(Stream.of(executable), Arrays.stream(arguments))
                .map(String::valueOf)
                .toList();
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new RunningProgram(builder.start());
    }
}
