package io.staplegate.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code staplegate run} in a JVM of its own that writes an AOT cache when it ends, with the options of this JVM: the
 * cache fits those alone. Its standard error is this process's.
 */
final class TrainedProxy implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile(" (\\w+)=(\\d+)");

    private final Process process;
    private final String ready;
    private final Path cache;

    private TrainedProxy(Process process, String ready, Path cache) {
        this.process = process;
        this.ready = ready;
        this.cache = cache;
    }

    /** Starts it, and returns when it serves. */
    static TrainedProxy start(Path jar, Path configuration, Path cache) throws CommandFailure, IOException {
        Files.deleteIfExists(cache);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-XX:TieredStopAtLevel"))
                .toList());
        // Machine code in the cache is for the CPU that it was made on, and Java 25 does not look before it runs it: an
        // older one would end with SIGILL. Its adapters between interpreted and compiled code are all of it.
        command.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching"));
        // What it leaves out, it names, hundreds of lines long; that it wrote the cache, it says in this line's stead.
        command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot*=error", "-Xlog:cds*=error"));
        command.addAll(List.of("-jar", jar.toString(), "run", "--config", configuration.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("ready ")) {
                Thread.ofVirtual().start(() -> lines.lines().forEach(TrainedProxy::ignore));
                return new TrainedProxy(process, line, cache);
            }
        }
        throw new CommandFailure(Exit.FAILED, "the proxy that was to be trained did not start", null);
    }

    /** Where it speaks {@code tls} or {@code dtls}. */
    InetSocketAddress address(String protocol) {
        Matcher ports = PORT.matcher(ready);
        while (ports.find()) {
            if (ports.group(1).equals(protocol)) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(ports.group(2)));
            }
        }
        throw new IllegalStateException("no \"" + protocol + "\" in \"" + ready + "\"");
    }

    /** A page of its admin endpoint. {@code path}: with the slash. */
    URI admin(String path) {
        return URI.create("http://127.0.0.1:" + address("admin").getPort() + path);
    }

    /** Has it read its files again, as an operator does. */
    void hangUp() throws IOException, InterruptedException {
        int _ = new ProcessBuilder("sh", "-c", "kill -HUP " + process.pid())
                .start()
                .waitFor();
    }

    /** Ends it as SIGTERM does, and waits until the cache is written: some seconds. */
    void stop() throws CommandFailure, InterruptedException {
        boolean _ = process.toHandle().destroy();
        int _ = process.waitFor();
        if (!Files.isRegularFile(cache)) {
            throw new CommandFailure(Exit.FAILED, "the JVM wrote no \"" + cache + "\"", "its own messages say why");
        }
    }

    /** Kills it where it still runs; what the JVM then leaves beside the cache goes too. */
    @Override
    public void close() throws IOException {
        boolean _ = process.toHandle().destroyForcibly();
        var _ = process.onExit().join();
        Files.deleteIfExists(cache.resolveSibling(cache.getFileName() + ".config"));
    }

    /** It is read so that the process never waits for its reader. */
    private static void ignore(String line) {}
}
