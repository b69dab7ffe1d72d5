package io.staplegate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** Connections beyond the limits are refused at once, and are counted. */
final class ConnectionLimitsTest {
    private static final Site SITE = new Site("EC");

    @Test
    void aListenerTakesSoManyAndNoMore() throws Exception {
        try (Server server = new Server(SITE).limits(2, 0).open();
                Socket second = connect(server, 2)) {
            Socket first = connect(server, 1);
            await().until(() -> server.listener().connections() == 2);
            assertThat(isRefused(server, 3)).isTrue();
            assertThat(refused(server, "listener_limit")).isEqualTo(1);
            first.close();
            await().until(() -> server.listener().connections() == 1);
            new JdkDevice(SITE).connect(server.port(), "TLSv1.3").close();
            assertThat(second.isConnected()).isTrue();
        }
    }

    @Test
    void aSourceHasSoManyAndNoMore() throws Exception {
        try (Server server = new Server(SITE).limits(100, 1).open();
                Socket other = connect(server, 2)) {
            Socket first = connect(server, 1);
            await().until(() -> server.listener().connections() == 2);
            assertThat(isRefused(server, 1)).isTrue();
            assertThat(isRefused(server, 2)).isTrue();
            assertThat(refused(server, "source_limit")).isEqualTo(2);
            first.close();
            await().until(() -> server.listener().connections() == 1);
            new JdkDevice(SITE).connect(server.port(), "TLSv1.3").close();
            assertThat(other.isConnected()).isTrue();
        }
    }

    @Test
    void aPortInUseIsAClearError() throws Exception {
        try (Server server = new Server(SITE).open();
                Server second = new Server(SITE).port(server.port())) {
            assertThatThrownBy(second::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port())
                    .hasMessageContaining("in use");
        }
    }

    /** A connection from 127.0.0.{@code from}. */
    private static Socket connect(Server server, int from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) from}), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        return socket;
    }

    private static boolean isRefused(Server server, int from) throws IOException {
        try (Socket socket = connect(server, from)) {
            return socket.getInputStream().read() == -1;
        } catch (IOException reset) {
            return true;
        }
    }

    private static double refused(Server server, String reason) {
        return server.metric("staplegate_connections_refused_total{listener=\"test\",reason=\"" + reason + "\"}");
    }
}
