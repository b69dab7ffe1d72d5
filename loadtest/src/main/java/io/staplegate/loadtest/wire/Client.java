package io.staplegate.loadtest.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A DTLS client of this machine: shakes hands once, says nothing, and ends. Each offers one suite and no tickets. */
enum Client {
    OPENSSL {
        @Override
        List<String> command(Handshake handshake, InetSocketAddress server, Setting setting) {
            List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-dtls1_2", "-mtu", MTU));
            command.addAll(List.of("-connect", "127.0.0.1:" + server.getPort(), "-no_ticket"));
            command.addAll(List.of("-cipher", handshake.suite().openssl() + ":@SECLEVEL=0"));
            if (handshake.kind() == Handshake.Kind.PSK) {
                command.addAll(List.of("-psk_identity", setting.pskIdentity(), "-psk", setting.psk()));
                return command;
            }
            command.addAll(List.of("-groups", "P-256", "-sigalgs", "ECDSA+SHA256", "-status"));
            command.addAll(List.of("-CAfile", setting.root().toString(), "-verify_return_error"));
            boolean resumed = handshake.kind() == Handshake.Kind.RESUMED;
            command.addAll(List.of(resumed ? "-sess_in" : "-sess_out", setting.session()));
            return command;
        }

        @Override
        String proof(Handshake.Kind kind) {
            return switch (kind) {
                case FULL -> "OCSP Response Status: successful";
                case RESUMED -> "Reused, TLSv1.2";
                case PSK -> "New, TLSv1.2";
            };
        }
    },

    GNUTLS {
        @Override
        List<String> command(Handshake handshake, InetSocketAddress server, Setting setting) {
            List<String> command = new ArrayList<>(List.of("gnutls-cli", "--udp", "--mtu", MTU));
            command.addAll(List.of("--port", String.valueOf(server.getPort()), "127.0.0.1"));
            boolean psk = handshake.kind() == Handshake.Kind.PSK;
            command.addAll(List.of("--priority", priorities(handshake.suite(), psk)));
            command.addAll(
                    psk
                            ? List.of("--pskusername", setting.pskIdentity(), "--pskkey", setting.psk())
                            : List.of("--x509cafile", setting.root().toString()));
            return command;
        }

        @Override
        String proof(Handshake.Kind kind) {
            return kind == Handshake.Kind.FULL ? "OCSP status request" : "Handshake was completed";
        }

        private static String priorities(Suite suite, boolean psk) {
            return "NONE:+VERS-DTLS1.2:+COMP-NULL:+MAC-ALL:+GROUP-SECP256R1:+SIGN-ECDSA-SHA256:%NO_TICKETS:+"
                    + suite.gnutls() + (psk ? ":+PSK" : ":+ECDHE-ECDSA");
        }
    };

    /** The largest datagram that a client sends: loopback's own makes OpenSSL fall back to 256 bytes. */
    private static final String MTU = "1400";

    private static final int SECONDS = 60;

    /**
     * What clients know.
     *
     * @param root trusted
     * @param folder for what they keep: a session, between a full handshake and a resumed one
     * @param psk in hex
     */
    record Setting(Path root, Path folder, String pskIdentity, String psk) {
        private String session() {
            return folder.resolve("session.pem").toString();
        }
    }

    abstract List<String> command(Handshake handshake, InetSocketAddress server, Setting setting);

    /** What the client prints where the handshake was one of that kind. */
    abstract String proof(Handshake.Kind kind);

    /**
     * Runs it to its end.
     *
     * @throws IOException where the handshake was not what it should be; what the client said is in the message
     */
    void run(Handshake handshake, InetSocketAddress server, Setting setting) throws IOException, InterruptedException {
        List<String> command = command(handshake, server, setting);
        Path output = setting.folder().resolve("client.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        String said = Files.readString(output);
        if (!said.contains(proof(handshake.kind()))) {
            throw new IOException("\"%s\" does not say \"%s\": %s"
                    .formatted(String.join(" ", command), proof(handshake.kind()), said));
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
