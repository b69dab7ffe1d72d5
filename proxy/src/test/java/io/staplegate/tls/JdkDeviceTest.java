package io.staplegate.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device that fails hard without revocation information for the whole chain, and reaches nothing but the proxy. */
final class JdkDeviceTest {
    @ParameterizedTest
    @CsvSource({"EC, TLSv1.3", "EC, TLSv1.2", "RSA, TLSv1.3", "RSA, TLSv1.2"})
    void isContentWithTheStaplesAlone(String key, String version) throws Exception {
        Site site = new Site(key);
        try (Server server = new Server(site).open();
                SSLSocket socket = new JdkDevice(site).connect(server.port(), version)) {
            socket.getOutputStream().write("ping".getBytes(UTF_8));
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo("ping".getBytes(UTF_8));
            assertThat(server.facts.element().stapleKind()).isEqualTo("chain");
            assertThat(server.facts.element().version()).isEqualTo(version);
        }
    }

    /** In TLS 1.3 the JDK has sent its Finished by then, or has not: it fails, in any case. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void isNotContentWithTheLeafsAlone(String version) throws Exception {
        Site site = new Site("EC");
        try (Server server = new Server(site)) {
            server.staples.put(site.identity(), site.leafStaple());
            int port = server.open().port();
            assertThatThrownBy(() -> new JdkDevice(site).connect(port, version))
                    .isInstanceOf(SSLHandshakeException.class);
            await().until(() -> server.ended("alert_received", version) == 1);
        }
    }
}
