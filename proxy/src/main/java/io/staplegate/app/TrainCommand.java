package io.staplegate.app;

import io.staplegate.demo.DemoDirectory;
import io.staplegate.demo.DemoDirectory.ClientAuth;
import io.staplegate.demo.DemoDirectory.Ports;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.demo.TcpBackend;
import io.staplegate.demo.UdpBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code staplegate train}: makes the JVM's AOT cache for {@code run}, out of what a proxy does while devices meet it.
 * For those who build packages and images, and for a machine on which a start has to be fast.
 */
@Command(
        name = "train",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = {
            "Make the JVM's AOT cache: run a proxy that devices meet, for some seconds, and write down what it loads.",
            "The launcher uses staplegate.aot beside staplegate.jar until the Java or a jar is another."
        })
final class TrainCommand implements Callable<Integer> {
    private static final Duration RESPONSE_VALIDITY = Duration.ofHours(8);

    private final Console console;

    @Option(names = "--output", paramLabel = "FILE", description = "Default: staplegate.aot beside staplegate.jar.")
    private @Nullable Path output;

    @Option(
            names = "--handshakes",
            paramLabel = "N",
            defaultValue = "1000",
            description = "More take longer, and teach more (default: ${DEFAULT-VALUE}).")
    private int handshakes;

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException, InterruptedException {
        Path jar = jar();
        Path cache = output != null ? output : jar.resolveSibling("staplegate.aot");
        Path folder = Files.createTempDirectory("staplegate-train-");
        try {
            train(new DemoDirectory(folder), jar, cache.toAbsolutePath());
            console.print("%s: %d MiB".formatted(cache, Files.size(cache) >> 20));
            return Exit.DONE;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, "\"" + cache + "\": " + CommandFailure.reason(e), null);
        } finally {
            delete(folder);
        }
    }

    private void train(DemoDirectory directory, Path jar, Path cache)
            throws CommandFailure, IOException, InterruptedException {
        StatusBook book = new StatusBook(RESPONSE_VALIDITY, InstantSource.system());
        try (Responder ca = Responder.start(0, book);
                TcpBackend stream = TcpBackend.start(0);
                UdpBackend datagrams = UdpBackend.start(0)) {
            DemoPki pki = directory.pki(ca.url(), Instant.now());
            book.open(pki.root()).open(pki.intermediate());
            directory.configure(Ports.FREE, ClientAuth.REQUEST, stream.address(), datagrams.address());
            try (TrainedProxy proxy = TrainedProxy.start(jar, directory.configuration(), cache)) {
                new Training(proxy, pki).run(handshakes);
                proxy.stop();
            }
        }
    }

    /** Where this runs from. The cache holds what one jar and those that it names contain, and no folders. */
    private static Path jar() throws CommandFailure {
        String path = System.getProperty("java.class.path");
        if (!path.endsWith(".jar") || !Files.isRegularFile(Path.of(path))) {
            throw new CommandFailure(Exit.FAILED, "\"" + path + "\" is not one jar", "run the launcher");
        }
        return Path.of(path);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        }
    }
}
