package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Console;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.server.ScandiumServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code staplegate-loadtest scandium}: another DTLS server, to compare with. */
@Command(
        name = "scandium",
        mixinStandardHelpOptions = true,
        description = {
            "Serve DTLS 1.2 by Eclipse Californium's Scandium on a free port of loopback, until SIGTERM: an echo.",
            "Prints one line when it serves: ready dtls=PORT"
        })
final class ScandiumCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--certificate",
            required = true,
            paramLabel = "FILE",
            description = "The leaf, then intermediates: a file in PEM that is called so, FILE.pem.")
    private Path certificate = Path.of("");

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "The leaf's key: PKCS#8 in a file that is called FILE.pem.")
    private Path key = Path.of("");

    ScandiumCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        try (ScandiumServer server = ScandiumServer.start(certificate, key)) {
            console.print("ready dtls=" + server.port());
            new CountDownLatch(1).await();
            return Exit.DONE;
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailure(Exit.FAILED, "Scandium did not start: " + e.getMessage(), null);
        }
    }
}
