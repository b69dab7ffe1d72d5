package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.interop.MutualServer.DeviceFiles;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The clients that can show a certificate of their own, over each protocol that they speak. */
enum MutualClient {
    OPENSSL_TLS12(Kind.OPENSSL, "-tls1_2"),
    OPENSSL_TLS13(Kind.OPENSSL, "-tls1_3"),
    OPENSSL_DTLS(Kind.OPENSSL, "-dtls1_2 -mtu 1400"),
    GNUTLS_TLS12(Kind.GNUTLS, "--priority NORMAL:-VERS-ALL:+VERS-TLS1.2"),
    GNUTLS_TLS13(Kind.GNUTLS, "--priority NORMAL:-VERS-ALL:+VERS-TLS1.3"),
    GNUTLS_DTLS(Kind.GNUTLS, "--udp --mtu 1400"),
    WOLFSSL_TLS12(Kind.WOLFSSL, "-v 3"),
    WOLFSSL_TLS13(Kind.WOLFSSL, "-v 4"),
    WOLFSSL_DTLS(Kind.WOLFSSL, "-u -v 3");

    private final Kind kind;
    private final String options;

    private enum Kind {
        OPENSSL,
        GNUTLS,
        WOLFSSL
    }

    MutualClient(Kind kind, String options) {
        this.kind = kind;
        this.options = options;
    }

    boolean speaksTls13() {
        return name().endsWith("TLS13");
    }

    /** Shakes hands, and hears what it says. {@code workshop}: where wolfSSL's client is built, if it is not yet. */
    void comesIn(MutualServer server, DeviceFiles files, Path workshop) throws IOException, InterruptedException {
        try (RunningProgram running = program(workshop).start(arguments(server, files))) {
            switch (kind) {
                case OPENSSL ->
                    running.awaitOutput("Verify return code: 0 (ok)")
                            .send("ping\n")
                            .awaitOutput("\nping");
                case GNUTLS ->
                    running.awaitOutput("Handshake was completed")
                            .send("ping\n")
                            .awaitOutput("\nping");
                case WOLFSSL -> running.awaitOutput("hello wolfssl!"); // it says so itself, and prints the echo
            }
            assertThat(running.finish().exit()).isZero();
        }
    }

    /**
     * Tries, and prints which alert it was sent; wolfSSL prints none but that it was one.
     *
     * @param files null: it has no certificate
     */
    void isRefused(MutualServer server, @Nullable DeviceFiles files, int alert, Path workshop)
            throws IOException, InterruptedException {
        try (RunningProgram running = program(workshop).start(arguments(server, files))) {
            running.awaitOutput(
                    switch (kind) {
                        case OPENSSL -> "SSL alert number " + alert + "\n";
                        case GNUTLS -> "Received alert [" + alert + "]";
                        case WOLFSSL -> "received alert fatal error";
                    });
            assertThat(running.finish().exit()).isNotZero();
        }
    }

    private ExternalProgram program(Path workshop) throws IOException, InterruptedException {
        return switch (kind) {
            case OPENSSL -> ExternalProgram.named("openssl");
            case GNUTLS -> ExternalProgram.named("gnutls-cli");
            case WOLFSSL -> WolfsslClient.in(workshop);
        };
    }

    private Object[] arguments(MutualServer server, @Nullable DeviceFiles files) {
        int port = name().endsWith("DTLS") ? server.dtlsPort() : server.port();
        List<Object> arguments = new ArrayList<>();
        switch (kind) {
            case OPENSSL -> {
                arguments.addAll(List.of("s_client", "-connect", "127.0.0.1:" + port, "-CAfile", server.ca()));
                if (files != null) {
                    arguments.addAll(List.of("-cert", files.chain(), "-cert_chain", files.chain()));
                    arguments.addAll(List.of("-key", files.key()));
                }
            }
            case GNUTLS -> {
                arguments.addAll(List.of("--x509cafile", server.ca(), "-p", port));
                if (files != null) {
                    arguments.addAll(List.of("--x509certfile", files.chain(), "--x509keyfile", files.key()));
                }
            }
            case WOLFSSL -> {
                arguments.addAll(List.of("-C", "-h", "127.0.0.1", "-p", port, "-A", server.ca()));
                arguments.addAll(files == null ? List.of("-x") : List.of("-c", files.chain(), "-k", files.key()));
            }
        }
        arguments.addAll(List.of(options.split(" ", -1)));
        if (kind == Kind.GNUTLS) {
            arguments.add("127.0.0.1");
        }
        return arguments.toArray();
    }
}
