package io.staplegate.demo;

import io.staplegate.demo.DemoDirectory.ClientAuth;
import io.staplegate.demo.DemoDirectory.Ports;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The text of a demo's {@code staplegate.yaml}. */
final class DemoConfiguration {
    private DemoConfiguration() {}

    static String text(
            Ports ports,
            @Nullable ClientAuth clientAuth,
            InetSocketAddress stream,
            InetSocketAddress datagrams,
            Path state) {
        String text = """
                # Written by "staplegate demo". Try: staplegate run --config staplegate.yaml
                identities:
                  - name: demo
                    certificate: chain.pem
                    key: server.key
                    issuers: ca.pem
                backends:
                  - name: echo
                    address: %1$s
                  - name: datagrams
                    address: %2$s
                    transport: udp
                listeners:
                  - name: tls
                    bind: 127.0.0.1:%3$d
                    identities: [demo]
                    backend: echo
                %7$s  - name: dtls
                    bind: 127.0.0.1:%4$d
                    protocol: dtls
                    identities: [demo]
                    backend: datagrams
                %7$sstate:
                  directory: %6$s
                admin:
                  bind: 127.0.0.1:%5$d
                """.formatted(
                        address(stream),
                        address(datagrams),
                        ports.tls(),
                        ports.dtls(),
                        ports.admin(),
                        quoted(state.toAbsolutePath()),
                        authentication(clientAuth));
        if (ports.mirror() != null) {
            text += """
                    mirror:
                      bind: 127.0.0.1:%d
                    """.formatted(ports.mirror());
        }
        if (clientAuth != null) {
            text += """
                    devices:
                      denyList: denied.txt
                    """;
        }
        return text;
    }

    private static String authentication(@Nullable ClientAuth clientAuth) {
        return clientAuth == null ? "" : """
                    clientAuth:
                      mode: %s
                      trustAnchors: ca.pem
                      intermediates: intermediate.pem
                """.formatted(clientAuth);
    }

    private static String address(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
