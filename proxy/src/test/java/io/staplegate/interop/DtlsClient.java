package io.staplegate.interop;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;

/** The DTLS clients that are driven the same way: a handshake through some port, and one line there and back. */
enum DtlsClient {
    OPENSSL {
        @Override
        String talk(DtlsServer server, int port) throws IOException, InterruptedException {
            Object[] arguments =
                    Stream.concat(openssl(server, port), Stream.of("-status")).toArray();
            return echo(ExternalProgram.named("openssl").start(arguments), "Verify return code: 0 (ok)");
        }
    },
    GNUTLS {
        @Override
        String talk(DtlsServer server, int port) throws IOException, InterruptedException {
            return echo(
                    ExternalProgram.named("gnutls-cli")
                            .start(gnutls(server, port).toArray()),
                    "Handshake was completed");
        }
    },
    SCANDIUM {
        @Override
        String talk(DtlsServer server, int port) throws IOException, InterruptedException {
            try (ScandiumDevice device = ScandiumDevice.trusting(
                            server.pki().root().certificate())
                    .retransmittingAfter(Duration.ofMillis(500))
                    .before(port)) {
                return device.exchange("ping").text();
            }
        }
    };

    /** Shakes hands, says {@code ping}, hears it, and leaves; returns what the client printed. */
    abstract String talk(DtlsServer server, int port) throws IOException, InterruptedException;

    /**
     * OpenSSL's arguments. Without an MTU it takes 256 bytes for loopback's; without {@code -nbio} it is deaf to its
     * input once it has dropped a datagram, until another one comes.
     */
    static Stream<Object> openssl(DtlsServer server, int port) {
        return Stream.of(
                "s_client",
                "-dtls1_2",
                "-nbio",
                "-mtu",
                1400,
                "-connect",
                "127.0.0.1:" + port,
                "-CAfile",
                server.ca(),
                "-verify_return_error");
    }

    /** GnuTLS's arguments: it insists on a good staple, and for UDP tries no address but the first. */
    static Stream<Object> gnutls(DtlsServer server, int port) {
        return Stream.of("--udp", "--mtu", 1400, "--x509cafile", server.ca(), "-p", port, "127.0.0.1");
    }

    /** Says {@code ping} once the client is ready for it, and ends the client when the echo has come. */
    static String echo(RunningProgram client, String ready) throws IOException, InterruptedException {
        try (client) {
            client.awaitOutput(ready).send("ping\n").awaitOutput("\nping");
            return client.finish().output();
        }
    }
}
