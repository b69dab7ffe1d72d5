package io.staplegate.loadtest;

import io.staplegate.app.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo in a process of its own. {@code port}: that of TLS; {@code ca}: what its devices trust. */
record DemoProcess(Process process, int port, int dtlsPort, Path ca) implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready tls=(\\d+) dtls=(\\d+) .*");

    /** Starts it, and waits until it serves. {@code folder}: for its files, and for its log. */
    static DemoProcess start(Path folder) throws IOException {
        Path log = folder.resolve("demo.log");
        Path directory = folder.resolve("demo");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "demo",
                        "--directory=" + directory,
                        "--tls-port=0",
                        "--dtls-port=0",
                        "--admin-port=0",
                        "--responder-port=0"))
                .redirectError(log.toFile())
                .start();
        BufferedReader output = process.inputReader();
        Matcher ready = READY.matcher(String.valueOf(output.readLine()));
        if (!ready.matches()) {
            process.destroyForcibly();
            throw new IOException("the demo did not start; its log is in " + log);
        }
        int tls = Integer.parseInt(ready.group(1));
        int dtls = Integer.parseInt(ready.group(2));
        return new DemoProcess(process, tls, dtls, directory.resolve("ca.pem"));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
