package io.staplegate.loadtest.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code openssl s_server} over DTLS 1.2, which serves one device at a time. */
public final class OpensslServer implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("ACCEPT .*:(\\d+)");

    private final ServerProcess server;

    private OpensslServer(ServerProcess server) {
        this.server = server;
    }

    /**
     * Starts one with a certificate and its staple. It sends no session tickets, which the proxy does not have either.
     *
     * @param mtu the largest datagram to send, in bytes
     */
    public static OpensslServer withCertificate(Credentials credentials, int mtu, Path log) throws IOException {
        List<String> options =
                new ArrayList<>(List.of("-cert", credentials.leaf().toString()));
        if (credentials.hasIntermediate()) {
            options.addAll(List.of("-cert_chain", credentials.intermediates().toString()));
        }
        options.addAll(List.of("-key", credentials.key().toString()));
        options.addAll(List.of("-status_file", credentials.staple().toString()));
        return start(options, mtu, log);
    }

    /** Starts one without a certificate, and with a pre-shared key in hex. */
    public static OpensslServer withKey(String identity, String key, int mtu, Path log) throws IOException {
        return start(List.of("-nocert", "-psk_identity", identity, "-psk", key), mtu, log);
    }

    private static OpensslServer start(List<String> options, int mtu, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_server", "-dtls1_2", "-accept", "127.0.0.1:0"));
        command.addAll(List.of("-mtu", String.valueOf(mtu), "-no_ticket", "-cipher", "ALL:PSK:@SECLEVEL=0"));
        command.addAll(options);
        return new OpensslServer(ServerProcess.start(command, READY, log));
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port(1));
    }

    @Override
    public void close() {
        server.close();
    }
}
