package io.staplegate.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The proxy in a JVM of its own, as its users run it. Killed, if it still runs, when the test ends.
 *
 * @param ports by the names of the line {@code ready}: {@code tls}, {@code dtls}, {@code admin}, {@code responder}
 */
public record ProxyProcess(Process process, Map<String, Integer> ports, Path log) implements AutoCloseable {
    /**
     * Starts a command that serves ({@code run} or {@code demo}), and waits until it says that it is ready.
     *
     * @param log where its standard error is appended
     */
    public static ProxyProcess serving(Path log, Object... arguments) throws IOException {
        return serving(log, Map.of(), arguments);
    }

    /** The same, with more variables in its environment. */
    public static ProxyProcess serving(Path log, Map<String, String> environment, Object... arguments)
            throws IOException {
        Process process = start(log, environment, arguments);
        BufferedReader out = process.inputReader();
        String ready = out.readLine();
        if (ready == null || !ready.startsWith("ready ")) {
            process.destroyForcibly();
        }
        assertThat(ready).as(() -> "standard error: " + read(log)).startsWith("ready ");
        Map<String, Integer> ports = Arrays.stream(
                        ready.substring("ready ".length()).split(" "))
                .map(port -> port.split("="))
                .collect(Collectors.toMap(port -> port[0], port -> Integer.valueOf(port[1])));
        return new ProxyProcess(process, ports, log);
    }

    private static Process start(Path log, Map<String, String> environment, Object... arguments) throws IOException {
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
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    public int port(String name) {
        return Objects.requireNonNull(ports.get(name), name);
    }

    /** Sends a signal, named as {@code kill} names it. */
    public void signal(String name) throws IOException, InterruptedException {
        var outcome = ExternalProgram.named("kill").run("-" + name, process.pid());
        assertThat(outcome.exit()).as(outcome.output()).isZero();
    }

    /** SIGKILL: nothing is put in order. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits until a text stands in the log. */
    public void awaitLog(String text) {
        await().atMost(20, SECONDS).until(() -> logged().contains(text));
    }

    public String logged() {
        return read(log);
    }

    /** Waits for the end of the process, and returns its exit code. */
    public int exit() throws InterruptedException {
        assertThat(process.waitFor(30, SECONDS))
                .as(() -> "ends; standard error: " + logged())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
