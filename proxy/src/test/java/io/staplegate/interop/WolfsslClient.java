package io.staplegate.interop;

import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Debian's wolfSSL example client, compiled from the source that the package installs. */
final class WolfsslClient {
    private static final Path SOURCE = Path.of("/usr/share/doc/libwolfssl-dev/examples/client.c");

    private WolfsslClient() {}

    /** The client in a folder, compiled there before its first use. */
    static ExternalProgram in(Path folder) throws IOException, InterruptedException {
        Path client = folder.resolve("client").toAbsolutePath();
        return Files.exists(client) ? ExternalProgram.at(client).in(folder) : buildIn(folder);
    }

    /** Compiles the client in a folder, from which it must also be run: it looks for {@code ./certs}. */
    static ExternalProgram buildIn(Path folder) throws IOException, InterruptedException {
        ExternalProgram compiler = ExternalProgram.named("gcc").in(folder);
        Path packed = SOURCE.resolveSibling("client.c.gz");
        if (Files.exists(SOURCE)) {
            Files.copy(SOURCE, folder.resolve("client.c"));
        } else if (Files.exists(packed)) {
            try (var source = new GZIPInputStream(Files.newInputStream(packed))) {
                Files.copy(source, folder.resolve("client.c"));
            }
        } else {
            throw ExternalProgram.missing("wolfSSL's client.c is not installed (package libwolfssl-dev)");
        }
        Path header = folder.resolve("examples/client/client.h");
        Files.createDirectories(header.getParent());
        Files.writeString(header, "THREAD_RETURN WOLFSSL_THREAD client_test(void* args);\n");
        Files.createDirectories(folder.resolve("certs"));
        Files.createFile(folder.resolve("certs/dh2048.pem"));
        var outcome = compiler.run("-w", "-I.", "client.c", "-lwolfssl", "-lm", "-o", "client");
        if (outcome.exit() != 0) {
            throw new IOException("wolfSSL's client does not compile: " + outcome.output());
        }
        return ExternalProgram.at(folder.resolve("client").toAbsolutePath()).in(folder);
    }
}
