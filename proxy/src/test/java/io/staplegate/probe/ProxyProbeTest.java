package io.staplegate.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.SocketAddress;
import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.KeyLog;
import io.staplegate.handshake.Site;
import io.staplegate.identity.ServerNames;
import io.staplegate.net.Transport;
import io.staplegate.staple.ChainStaples;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.DtlsDefaults;
import io.staplegate.tls.TlsListener;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The probe against the proxy's own listener, which staples whole chains. */
final class ProxyProbeTest {
    private static final Site SITE = new Site("EC");

    @Test
    void v1GetsAStapleForEachCertificateInTls13() throws Exception {
        ProbeReport report = probe(StatusWish.V1, SITE.chainStaples());
        assertThat(report.faults()).isEmpty();
        assertThat(report.protocol()).isEqualTo("TLSv1.3");
        assertThat(verdicts(report)).containsExactly("good", "good");
    }

    @Test
    void v2GetsAStapleForEachCertificateInTls12() throws Exception {
        ProbeReport report = probe(StatusWish.V2, SITE.chainStaples());
        assertThat(report.faults()).isEmpty();
        assertThat(report.protocol()).isEqualTo("TLSv1.2");
        assertThat(verdicts(report)).containsExactly("good", "good");
    }

    @Test
    void theLeafsStapleIsEnough() throws Exception {
        for (StatusWish wish : List.of(StatusWish.V1, StatusWish.V2)) {
            ProbeReport report = probe(wish, SITE.leafStaple());
            assertThat(report.faults()).isEmpty();
            assertThat(verdicts(report)).containsExactly("good", "none");
        }
    }

    @Test
    void noStapleIsAFaultInEveryVersion() throws Exception {
        for (StatusWish wish : List.of(StatusWish.V1, StatusWish.V2)) {
            assertThat(probe(wish, Site.noStaples()).faults())
                    .containsExactly("staple 0: none came, although one was asked for");
        }
    }

    @Test
    void aDeviceThatDoesNotAskPaysNothing() throws Exception {
        ProbeReport with = probe(StatusWish.NONE, SITE.chainStaples());
        ProbeReport without = probe(StatusWish.NONE, Site.noStaples());
        assertThat(with.ok()).isTrue();
        assertThat(verdicts(with)).containsExactly("none", "none");
        assertThat(with.bytesReceived())
                .as("R54, but for the length of signatures")
                .isCloseTo(without.bytesReceived(), offset(8L));
    }

    private ProbeReport probe(StatusWish status, ChainStaples staples) throws IOException {
        try (Transport transport = Transport.open(1);
                KeyLog keyLog = KeyLog.open(null)) {
            ServerNames names = ServerNames.of(List.of(SITE.identity()), false);
            Handshakes handshakes = new Handshakes(
                    CryptoProvider.crypto(),
                    List.of(),
                    () -> names,
                    identity -> staples,
                    keyLog,
                    InstantSource.system());
            TlsListener listener = TlsListener.open(
                    config(),
                    handshakes,
                    ChannelInboundHandlerAdapter::new,
                    null,
                    transport,
                    new Telemetry(InstantSource.system()));
            listener.serve();
            return Probe.run(
                    new ProbeRequest(
                            ListenerConfig.Protocol.TLS,
                            "localhost",
                            listener.port(),
                            Set.of(SITE.root()),
                            null,
                            status,
                            Duration.ofSeconds(10)),
                    InstantSource.system());
        }
    }

    private static ListenerConfig config() {
        return new ListenerConfig(
                "test",
                new SocketAddress.HostPort("127.0.0.1", 0),
                ListenerConfig.Protocol.TLS,
                List.of(),
                "none",
                false,
                List.of(),
                Duration.ofSeconds(10),
                null,
                10,
                0,
                null,
                DtlsDefaults.DTLS);
    }

    private static List<String> verdicts(ProbeReport report) {
        return report.chain().stream()
                .map(certificate -> certificate.staple() == null
                        ? "none"
                        : certificate.staple().verdict())
                .toList();
    }
}
