package io.staplegate.loadtest.server;

import io.netty.channel.ChannelHandlerContext;
import io.staplegate.demo.Responder;
import io.staplegate.demo.UdpBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code staplegate run} in a process of its own, serving DTLS with a staple, and what it needs: certificates, a
 * responder, an echo for a backend. All of it is gone when it is closed.
 */
public final class TestBed implements AutoCloseable {
    /** What the pre-shared key belongs to. */
    public static final String PSK_IDENTITY = "device";

    /** The pre-shared key, in hex. */
    public static final String PSK = "000102030405060708090a0b0c0d0e0f";

    private static final String LISTENER =
            "name: dtls, protocol: dtls, bind: \"127.0.0.1:0\", identities: [site], backend: echo";

    private final Folder folder;
    private final Credentials credentials;
    private final Responder responder;
    private final UdpBackend backend;
    private final ProxyProcess proxy;

    private TestBed(
            Folder folder, Credentials credentials, Responder responder, UdpBackend backend, ProxyProcess proxy) {
        this.folder = folder;
        this.credentials = credentials;
        this.responder = responder;
        this.backend = backend;
        this.proxy = proxy;
    }

    /**
     * Starts everything, and returns when the proxy serves.
     *
     * @param intermediate whether the chain has one
     * @param listener more keys of the listener, in YAML's flow style: {@code handshakeTimeout: 60s}
     */
    public static TestBed open(boolean intermediate, String... listener) throws IOException {
        Folder temporary = Folder.temporary();
        Path folder = temporary.path();
        Credentials credentials = Credentials.issue(folder, intermediate, Instant.now());
        Responder responder = Responder.start(0, (request, context) -> answer(credentials, request, context));
        UdpBackend backend = UdpBackend.start(0);
        try {
            Files.writeString(folder.resolve("devices.psk"), PSK_IDENTITY + ":" + PSK + "\n");
            Path file = folder.resolve("staplegate.yaml");
            Files.writeString(file, configuration(folder, responder.url(), backend.address(), List.of(listener)));
            ProxyProcess proxy = ProxyProcess.start(file, folder.resolve("proxy.log"));
            return new TestBed(temporary, credentials, responder, backend, proxy);
        } catch (IOException e) {
            backend.close();
            responder.close();
            throw e;
        }
    }

    private static void answer(Credentials credentials, Responder.Request request, ChannelHandlerContext context) {
        var _ = context.writeAndFlush(Responder.response(credentials.answer(request.ocsp())));
    }

    private static String configuration(Path folder, URI responder, InetSocketAddress backend, List<String> listener) {
        return """
                identities:
                  - name: site
                    certificate: chain.pem
                    key: leaf-key.pem
                    issuers: root.pem
                    stapling: must
                    responders: ["%s"]
                backends:
                  - { name: echo, address: "127.0.0.1:%d", transport: udp }
                listeners:
                  - { %s }
                state: { directory: "%s" }
                admin: { bind: "127.0.0.1:0" }
                """.formatted(
                responder,
                backend.getPort(),
                String.join(
                        ", ",
                        Stream.concat(Stream.of(LISTENER), listener.stream()).toList()),
                folder.resolve("state"));
    }

    public Path folder() {
        return folder.path();
    }

    public Credentials credentials() {
        return credentials;
    }

    /** Where the proxy speaks DTLS. */
    public InetSocketAddress address() {
        return proxy.dtls();
    }

    /** The proxy's metrics. */
    public Metrics metrics() {
        return proxy.metrics();
    }

    /** The proxy's process. */
    public Process process() {
        return proxy.process();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        backend.close();
        responder.close();
        folder.close();
    }
}
