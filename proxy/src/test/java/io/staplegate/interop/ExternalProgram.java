package io.staplegate.interop;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this machine that a test drives as a child process. */
final class ExternalProgram {
    private static final long DEADLINE_SECONDS = 60;

    private final Path executable;
    private Path directory = Path.of(".");
    private String input = "";

    private ExternalProgram(Path executable) {
        this.executable = executable;
    }

    /** What a run left behind: both streams as one text, in the order in which they came. */
    record Outcome(int exit, String output) {}

    /** The program of that name on PATH; where there is none, the test ends here. */
    static ExternalProgram named(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String folder : path.split(":", -1)) {
            Path candidate = Path.of(folder, name);
            if (Files.isExecutable(candidate)) {
                return new ExternalProgram(candidate);
            }
        }
        return missing(name + " is not on PATH");
    }

    static ExternalProgram at(Path executable) {
        return new ExternalProgram(executable);
    }

    /** Ends the test: as a skip, or as a failure where every client is required. */
    static ExternalProgram missing(String what) {
        if (System.getProperty("staplegate.interop", "skip").equals("required")) {
            return fail(what);
        }
        return abort(what);
    }

    ExternalProgram in(Path folder) {
        directory = folder;
        return this;
    }

    /** What the program reads from its standard input, which then ends. */
    ExternalProgram reading(String text) {
        input = text;
        return this;
    }

    /** Runs to the end, or until a deadline of 60 s, when it is killed. */
    Outcome run(String... arguments) {
        try {
            Process process = start(arguments);
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // A program that ends before it has read everything says so by its exit code.
            }
            Thread watchdog = Thread.ofVirtual().start(() -> killAtDeadline(process));
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            watchdog.interrupt();
            return new Outcome(exit, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts the program and returns at once; both its streams come as one. */
    Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(executable.toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static void killAtDeadline(Process process) {
        try {
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
