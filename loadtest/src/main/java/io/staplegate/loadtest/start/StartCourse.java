package io.staplegate.loadtest.start;

import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoDirectory.Ports;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import io.staplegate.demo.UdpBackend;
import io.staplegate.loadtest.server.ProxyProcess;
import io.staplegate.probe.Device;
import io.staplegate.probe.DeviceHandshake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts of a proxy that has its files, with its staples on disk, each met by one device after another over TLS 1.3.
 *
 * @param folder with staplegate.jar, lib, and staplegate.aot: what {@code deploy/bin/prepare} has made
 * @param work for certificates and state
 */
public record StartCourse(Path folder, Path work, int runs, int handshakes) {
    private static final Duration VALIDITY = Duration.ofHours(8);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Runs it: first one start that does not count and fetches the staples. */
    public StartReport run() throws IOException {
        StatusBook book = new StatusBook(VALIDITY, InstantSource.system());
        try (Responder ca = Responder.start(0, book);
                TcpBackend stream = TcpBackend.start(0);
                UdpBackend datagrams = UdpBackend.start(0)) {
            DemoDirectory directory = new DemoDirectory(work);
            DemoPki pki = directory.pki(ca.url(), Instant.now());
            book.open(pki.root()).open(pki.intermediate());
            directory.configure(Ports.FREE, stream.address(), datagrams.address());
            List<ColdStart> without = new ArrayList<>();
            List<ColdStart> with = new ArrayList<>();
            var _ = start(directory, true);
            for (int i = 0; i < runs; i++) {
                without.add(start(directory, false));
                with.add(start(directory, true));
            }
            return new StartReport(handshakes, without, with);
        }
    }

    private ColdStart start(DemoDirectory directory, boolean cached) throws IOException {
        long begin = System.nanoTime();
        try (ProxyProcess proxy =
                ProxyProcess.start(work.resolve("proxy.log"), command(directory.configuration(), cached))) {
            double ready = since(begin);
            double startCpu = cpu(proxy);
            DeviceHandshake handshake =
                    new DeviceHandshake(proxy.tls(), Device.usual().naming("localhost"), TIMEOUT);
            var _ = handshake.perform();
            double first = since(begin);
            for (int i = 1; i < handshakes; i++) {
                var _ = handshake.perform();
            }
            double handshakesCpu = cpu(proxy) - startCpu;
            proxy.stop();
            return new ColdStart(ready, first, startCpu, handshakesCpu);
        }
    }

    /** What the launcher would run. */
    private List<String> command(Path configuration, boolean cached) {
        Path own = folder.resolve("runtime/bin/java");
        Path java = Files.isExecutable(own) ? own : Path.of(System.getProperty("java.home"), "bin/java");
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError"));
        Path libraries = folder.resolve("lib/native");
        if (Files.isDirectory(libraries)) {
            command.add("-Djava.library.path=" + libraries);
            command.add("-Dcom.amazon.corretto.crypto.provider.useExternalLib=true");
        }
        if (cached) {
            command.addAll(
                    List.of("-XX:AOTCache=" + folder.resolve("staplegate.aot"), "-XX:AOTMode=on", "-Xlog:aot*=off"));
        }
        command.addAll(List.of("-jar", folder.resolve("staplegate.jar").toString()));
        command.addAll(List.of("run", "--config", configuration.toString()));
        return command;
    }

    private static double since(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static double cpu(ProxyProcess proxy) throws IOException {
        Optional<Duration> used = proxy.process().info().totalCpuDuration();
        return used.orElseThrow(() -> new IOException("the proxy has ended")).toNanos() / 1e9;
    }
}
