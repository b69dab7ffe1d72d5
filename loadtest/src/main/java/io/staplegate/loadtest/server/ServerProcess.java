package io.staplegate.loadtest.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, killed at the end, also at that of this process.
 *
 * @param ready the line in which it said that it serves, matched
 */
record ServerProcess(Process process, MatchResult ready) implements AutoCloseable {
    /**
     * Starts it, and waits until it says that it serves.
     *
     * @param log where its standard error goes
     * @throws IOException where it ends without having said so
     */
    static ServerProcess start(List<String> command, Pattern ready, Path log) throws IOException {
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher matcher = ready.matcher(line);
            if (matcher.matches()) {
                Thread.ofVirtual().start(() -> output.lines().forEach(ServerProcess::ignore));
                return new ServerProcess(process, matcher.toMatchResult());
            }
        }
        process.destroyForcibly();
        String said = Files.readString(log).strip();
        throw new IOException("%s did not start: %s".formatted(command.getFirst(), said));
    }

    int port(int group) {
        return Integer.parseInt(ready.group(group));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** It is read so that the process never waits for its reader. */
    private static void ignore(String line) {}
}
