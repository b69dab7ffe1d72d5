package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.identity.PresharedKeys;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a ClientHello gets over DTLS. */
final class DatagramTest {
    private static final Site EC = new Site("EC");
    private static final Site RSA = new Site("RSA");
    private static final byte[] KEY = new byte[16];

    @ParameterizedTest
    @MethodSource("suites")
    void everySuiteWorks(Suite suite) {
        Listening listening = new Listening(EC, RSA);
        listening.rsa = true;
        listening.keys = PresharedKeys.of(Map.of("meter", KEY));
        Device device = Device.dtls().suites(suite.code()).key("meter", KEY);
        HandshakeResult result = result(device.connect(listening.overDtls()));
        assertThat(result.suite()).isEqualTo(suite.name());
        assertThat(result.version()).isEqualTo("DTLSv1.2");
        assertThat(device.suite()).isEqualTo(suite.name());
    }

    private static Set<Suite> suites() {
        return Suite.ofDtls(true);
    }

    private static HandshakeResult result(ServerPeer peer) {
        return Objects.requireNonNull(
                peer.result(), () -> "no handshake: " + AlertDescription.getText((short) peer.alertSent()));
    }
}
