package io.staplegate.loadtest.server;

import io.staplegate.app.Main;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code staplegate run} in a process of its own, with the JVM options of this one. Killed when it is closed. */
public final class ProxyProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ready( .*)");

    private final ServerProcess server;

    private ProxyProcess(ServerProcess server) {
        this.server = server;
    }

    /**
     * Starts it, and returns when it serves.
     *
     * @param log where its standard error goes, in place of what was there
     */
    public static ProxyProcess start(Path configuration, Path log) throws IOException {
        return start(configuration, log, List.of());
    }

    /** The same with more options for its JVM. */
    public static ProxyProcess start(Path configuration, Path log, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("run", "--config", configuration.toString()));
        return new ProxyProcess(ServerProcess.start(command, READY, log));
    }

    /** Starts one by a command of its own, and returns when it serves. */
    public static ProxyProcess start(Path log, List<String> command) throws IOException {
        return new ProxyProcess(ServerProcess.start(command, READY, log));
    }

    /** Where it speaks TLS. */
    public InetSocketAddress tls() {
        return loopback("tls");
    }

    /** Where it speaks DTLS. */
    public InetSocketAddress dtls() {
        return loopback("dtls");
    }

    /** A page of its admin endpoint. {@code path}: with the slash. */
    public URI admin(String path) {
        return URI.create("http://127.0.0.1:" + loopback("admin").getPort() + path);
    }

    public Metrics metrics() {
        return new Metrics(admin("/metrics"));
    }

    public Process process() {
        return server.process();
    }

    /** Asks it to stop, and waits for that. */
    public void stop() {
        process().destroy();
        process().onExit().join();
    }

    /** {@code kill -9}, and waits until it is gone. */
    @Override
    public void close() {
        server.close();
    }

    private InetSocketAddress loopback(String name) {
        String ports = server.ready().group(1);
        Matcher port = Pattern.compile(" " + name + "=(\\d+)").matcher(ports);
        if (!port.find()) {
            throw new IllegalStateException("no \"" + name + "\" in \"ready" + ports + "\"");
        }
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port.group(1)));
    }
}
