package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EndpointTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, true",
        "0.0.0.0, 127.0.0.1, true",
        "0.0.0.0, localhost, true",
        "0.0.0.0, gateway.example, true",
        "0.0.0.0, ::1, false",
        "::, ::1, true",
        "::, 127.0.0.1, true",
        "::, 0.0.0.0, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "localhost, 127.0.0.1, true",
        "LocalHost, localhost, true",
        "gateway.example, Gateway.example, true",
        "gateway.example, other.example, false",
        "127.0.0.1, 127.0.0.2, false"
    })
    void clashesWhereBothCannotBeBound(String one, String other, boolean clash) {
        assertThat(tcp(one, 8883).clashesWith(tcp(other, 8883))).isEqualTo(clash);
        assertThat(tcp(other, 8883).clashesWith(tcp(one, 8883))).isEqualTo(clash);
        assertThat(tcp(one, 8883).clashesWith(tcp(other, 8884))).isFalse();
    }

    @Test
    void freePortsNeverClash() {
        assertThat(tcp("0.0.0.0", 0).clashesWith(tcp("0.0.0.0", 0))).isFalse();
    }

    @Test
    void tcpAndUdpShareAPort() {
        var udp = new Endpoint(new SocketAddress.HostPort("0.0.0.0", 8883), true);
        assertThat(tcp("0.0.0.0", 8883).clashesWith(udp)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 127.0.0.1, true",
        "0.0.0.0, localhost, true",
        "::, ::1, true",
        "127.0.0.1, 127.0.0.1, true",
        "10.0.0.1, 10.0.0.1, true",
        "0.0.0.0, 10.0.0.1, false",
        "0.0.0.0, broker.example, false",
        "127.0.0.1, 127.0.0.2, false"
    })
    void isReachedOnlyWhereThatIsSure(String bind, String destination, boolean reached) {
        var address = new SocketAddress.HostPort(destination, 8883);
        assertThat(tcp(bind, 8883).isReachedBy(address, false)).isEqualTo(reached);
        assertThat(tcp(bind, 8883).isReachedBy(address, true))
                .as("a UDP backend on the same port")
                .isFalse();
    }

    private static Endpoint tcp(String host, int port) {
        return new Endpoint(new SocketAddress.HostPort(host, port), false);
    }
}
