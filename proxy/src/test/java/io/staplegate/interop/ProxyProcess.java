package io.staplegate.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The proxy in a JVM of its own, as its users run it. Its log goes to a file beside its configuration. */
final class ProxyProcess implements AutoCloseable {
    private final Process process;
    private final Map<String, Integer> ports;

    private ProxyProcess(Process process, Map<String, Integer> ports) {
        this.process = process;
        this.ports = ports;
    }

    /** Starts a command that serves ({@code run} or {@code demo}), and waits until it says that it is ready. */
    static ProxyProcess start(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.staplegate.app.Main"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        if (line == null || !line.startsWith("ready ")) {
            process.destroyForcibly();
            throw new IOException("the proxy did not start: \"" + line + "\", its log is in " + log);
        }
        return new ProxyProcess(process, portsIn(line));
    }

    private static Map<String, Integer> portsIn(String ready) {
        Map<String, Integer> ports = new HashMap<>();
        for (String word : ready.substring("ready ".length()).split(" ", -1)) {
            String[] pair = word.split("=", 2);
            ports.put(pair[0], Integer.valueOf(pair[1]));
        }
        return ports;
    }

    /** The port of a kind that the line {@code ready} names: {@code tls}, {@code admin} or {@code responder}. */
    int port(String kind) {
        Integer port = ports.get(kind);
        if (port == null) {
            throw new IllegalStateException("no port \"" + kind + "\" among " + ports);
        }
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL: nothing is put in order. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, and the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the proxy did not stop within 30 s of SIGTERM");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
