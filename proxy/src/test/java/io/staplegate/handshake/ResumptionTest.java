package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.staple.ChainStaples;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.TlsSession;
import org.junit.jupiter.api.Test;

/** TLS 1.2 sessions are resumed by id on the same terms, and on no others (R51). */
final class ResumptionTest {
    private final Site site = new Site("EC");
    private final Listening listening = new Listening(site);
    private final Handshakes handshakes = listening.handshakes();

    @Test
    void aSessionIsResumedWithoutCertificateAndStaple() {
        Device again = device().asksV1().resumes(session());
        ServerPeer peer = again.connect(handshakes);
        HandshakeResult result = Objects.requireNonNull(peer.result());
        assertThat(again.resumed()).isTrue();
        assertThat(result.resumed()).isTrue();
        assertThat(result.stapleKind()).isEqualTo(StapleKind.NONE);
        assertThat(result.serverName()).isEqualTo("localhost");
        assertThat(again.certificates).isNull();
    }

    /** The engine replays the extensions of the first handshake, to a client that did not ask for them this time. */
    @Test
    void aStatusRequestOfTheFirstHandshakeIsNotAnsweredInTheSecond() {
        Device again = device().resumes(session());
        again.connect(handshakes);
        assertThat(again.resumed()).isTrue();
        assertThat(again.statusAcknowledged).isFalse();
    }

    @Test
    void aSessionIsResumedMoreThanOnce() {
        TlsSession session = session();
        for (int i = 0; i < 3; i++) {
            Device again = device().resumes(session);
            again.connect(handshakes);
            assertThat(again.resumed()).isTrue();
        }
    }

    @Test
    void anotherServerNameIsAnotherSession() {
        Device again = Device.tls12().serverName("meter.devices.example").resumes(session());
        again.connect(handshakes);
        assertThat(again.resumed()).isFalse();
    }

    @Test
    void anotherListenerKnowsNothingOfIt() {
        Device again = device().resumes(session());
        again.connect(listening.handshakes());
        assertThat(again.resumed()).isFalse();
    }

    @Test
    void aReloadEndsEverySession() {
        TlsSession session = session();
        listening.serve(false, new Site("EC"));
        Device again = device().resumes(session);
        again.connect(handshakes);
        assertThat(again.resumed()).isFalse();
    }

    @Test
    void aRevocationEndsEverySession() {
        TlsSession session = session();
        listening.staples.put(site.identity(), new ChainStaples(List.of(site.staple(0), site.staple(1)), true));
        Device again = device().asksV1().resumes(session);
        assertThat(again.connect(handshakes).result()).isNotNull();
        assertThat(again.resumed()).isFalse();
        assertThat(again.staples()).hasSize(1);
    }

    @Test
    void anExpiredCertificateIsNotKeptAliveByASession() {
        TlsSession session = session();
        listening.now = site.identity().leaf().getNotAfter().toInstant().plus(Duration.ofSeconds(1));
        Device again = device().resumes(session);
        again.connect(handshakes);
        assertThat(again.resumed()).isFalse();
    }

    /** The engine would choose the session's suite although the client does not offer it, and fail. */
    @Test
    void aSessionWhoseSuiteIsNotOfferedAnyMoreIsNotResumed() {
        Device again = device().suites(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)
                .resumes(session());
        assertThat(again.connect(handshakes).result()).isNotNull();
        assertThat(again.resumed()).isFalse();
    }

    @Test
    void aSessionIdOfAnyBytesIsJustUnknown() {
        for (Device device : List.of(Device.tls12(), Device.tls13())) {
            assertThat(device.resumes(session()).connect(listening.handshakes()).result())
                    .isNotNull();
        }
    }

    @Test
    void tls13KeepsNoSession() {
        Device device = Device.tls13();
        device.connect(handshakes);
        assertThat(device.session()).isNull();
    }

    private static Device device() {
        return Device.tls12().serverName("localhost");
    }

    private TlsSession session() {
        Device first = device().asksV1();
        assertThat(first.connect(handshakes).result()).isNotNull();
        assertThat(first.resumed()).isFalse();
        return Objects.requireNonNull(first.session());
    }
}
