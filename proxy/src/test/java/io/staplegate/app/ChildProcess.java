package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A staplegate that serves in a process of its own; killed, if it still runs, when the test ends. */
record ChildProcess(Process process, Map<String, Integer> ports, Path err) implements AutoCloseable {
    /** Starts a command, and waits for its ready line. {@code folder}: for what it writes to standard error. */
    static ChildProcess serving(Path folder, Object... arguments) throws IOException {
        Path err = folder.resolve("err.log");
        Process process = start(err, arguments);
        BufferedReader out = process.inputReader();
        String ready = out.readLine();
        assertThat(ready).as(() -> "standard error: " + read(err)).startsWith("ready ");
        Map<String, Integer> ports = Arrays.stream(
                        ready.substring("ready ".length()).split(" "))
                .map(port -> port.split("="))
                .collect(Collectors.toMap(port -> port[0], port -> Integer.valueOf(port[1])));
        return new ChildProcess(process, ports, err);
    }

    private static Process start(Path err, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
        return new ProcessBuilder(command).redirectError(err.toFile()).start();
    }

    int port(String name) {
        return Objects.requireNonNull(ports.get(name), name);
    }

    /** Sends a signal, named as {@code kill} names it. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** Waits until a text stands in the log. */
    void awaitLog(String text) {
        await().atMost(20, TimeUnit.SECONDS).until(() -> read(err).contains(text));
    }

    /** Waits for the end of the process, and returns its exit code. */
    int exit() throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS))
                .as(() -> "ends; standard error: " + read(err))
                .isTrue();
        return process.exitValue();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
