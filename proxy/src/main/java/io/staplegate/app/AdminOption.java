package io.staplegate.app;

import java.net.URI;
import picocli.CommandLine.Option;

/** The option that names the admin endpoint of a running proxy. */
final class AdminOption {
    @Option(
            names = "--admin",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9464",
            description = "The proxy's admin endpoint (default: ${DEFAULT-VALUE}).")
    private URI url = URI.create("");

    AdminClient client() {
        return new AdminClient(url);
    }
}
