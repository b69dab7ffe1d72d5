package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.staple.ChainStaples;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.MaxFragmentLength;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of TLS 1.2 and DTLS 1.2 are resumed by id on the same terms, and on no others (R51). */
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class ResumptionTest {
    private final boolean overDtls;
    private final Site site = new Site("EC");
    private final Listening listening = new Listening(site);
    private final Handshakes handshakes;

    ResumptionTest(boolean overDtls) {
        this.overDtls = overDtls;
        this.handshakes = anotherListener();
    }

    @Test
    void aSessionIsResumedWithoutCertificateAndStaple() {
        Device again = device().asksV1().resumes(session());
        ServerPeer peer = again.connect(handshakes);
        HandshakeResult result = Objects.requireNonNull(peer.result());
        assertThat(again.resumed()).isTrue();
        assertThat(result.resumed()).isTrue();
        assertThat(result.stapleKind()).isEqualTo(StapleKind.NONE);
        assertThat(result.serverName()).isEqualTo("localhost");
        assertThat(result.suite()).isEqualTo("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
        assertThat(again.certificates).isNull();
    }

    /** The engine replays the extensions of the first handshake, to a client that did not ask for them this time. */
    @Test
    void aStatusRequestOfTheFirstHandshakeIsNotAnsweredInTheSecond() {
        Device again = device().resumes(session());
        again.connect(handshakes);
        assertThat(again.resumed()).isTrue();
        assertThat(again.acknowledged()).doesNotContain(TlsExtensionsUtils.EXT_status_request);
    }

    @Test
    void aSessionIsResumedMoreThanOnce() {
        TlsSession session = session();
        for (int i = 0; i < 3; i++) {
            assertThat(resumes(device(), session)).isTrue();
        }
    }

    /** Its id is sent in the clear: whoever has seen it can begin to resume, but not end the session by failing. */
    @Test
    void aResumptionThatFailsDoesNotEndTheSession() {
        TlsSession session = session();
        assertThat(device().breaksOff().resumes(session).connect(handshakes).result())
                .isNull();
        assertThat(resumes(device(), session)).isTrue();
    }

    @Test
    void anotherServerNameIsAnotherSession() {
        assertThat(resumes(bare().serverName("meter.devices.example"), session()))
                .isFalse();
        assertThat(resumes(bare(), session())).isFalse();
    }

    @Test
    void anotherListenerKnowsNothingOfIt() {
        Device again = device().resumes(session());
        again.connect(anotherListener());
        assertThat(again.resumed()).isFalse();
    }

    @Test
    void aReloadOfTheSameCertificateEndsNoSession() {
        TlsSession session = session();
        listening.serve(false, site.reloaded());
        assertThat(resumes(device(), session)).isTrue();
    }

    @Test
    void anotherCertificateEndsEverySession() {
        TlsSession session = session();
        listening.serve(false, new Site("EC"));
        assertThat(resumes(device(), session)).isFalse();
    }

    @Test
    void aSessionOfOneIdentityIsNotOneOfAnotherWithTheSameCertificate() {
        TlsSession session = session();
        listening.serve(false, site.renamed("other"));
        assertThat(resumes(device(), session)).isFalse();
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
        assertThat(resumes(device(), session)).isFalse();
    }

    @Test
    void aSessionLastsAnHourOverTlsAndADayOverDtls() {
        Duration lifetime = overDtls ? Duration.ofHours(24) : Duration.ofHours(1);
        TlsSession session = session();
        listening.now = listening.now.plus(lifetime).minusSeconds(1);
        assertThat(resumes(device(), session)).isTrue();
        listening.now = listening.now.plusSeconds(2);
        assertThat(resumes(device(), session)).isFalse();
    }

    /** The engine would choose the session's suite although the client does not offer it, and fail. */
    @Test
    void aSessionWhoseSuiteIsNotOfferedAnyMoreIsNotResumed() {
        assertThat(resumes(device().suites(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384), session()))
                .isFalse();
    }

    @Test
    void aSessionIsResumedWithTheFragmentLengthThatItHas() {
        Device first = fragmenting(MaxFragmentLength.pow2_10);
        TlsSession session = session(first);
        Device again = fragmenting(MaxFragmentLength.pow2_10).resumes(session);
        assertThat(again.connect(handshakes).result()).isNotNull();
        assertThat(again.resumed()).isTrue();
        assertThat(again.acknowledged()).contains(TlsExtensionsUtils.EXT_max_fragment_length);
    }

    @Test
    void anotherFragmentLengthIsAnotherSession() {
        TlsSession session = session(fragmenting(MaxFragmentLength.pow2_10));
        assertThat(resumes(fragmenting(MaxFragmentLength.pow2_9), session)).isFalse();
        assertThat(resumes(device(), session(fragmenting(MaxFragmentLength.pow2_10))))
                .isFalse();
        assertThat(resumes(fragmenting(MaxFragmentLength.pow2_10), session())).isFalse();
    }

    @Test
    void aSessionWithoutExtendedMasterSecretIsNotKept() {
        Device first = device().withoutExtendedMasterSecret();
        assertThat(first.connect(handshakes).result()).isNotNull();
        assertThat(first.session()).isNull();
    }

    @Test
    void aSessionIdOfAnyBytesIsJustUnknown() {
        Device device = bare().resumes(session());
        assertThat(device.connect(anotherListener()).result()).isNotNull();
    }

    @Test
    void tls13KeepsNoSession() {
        Device device = Device.tls13();
        device.connect(listening.handshakes());
        assertThat(device.session()).isNull();
    }

    private Handshakes anotherListener() {
        return overDtls ? listening.overDtls() : listening.handshakes();
    }

    private Device bare() {
        return overDtls ? Device.dtls() : Device.tls12();
    }

    private Device device() {
        return bare().serverName("localhost");
    }

    private Device fragmenting(short length) {
        return device().extension(TlsExtensionsUtils.EXT_max_fragment_length, new byte[] {(byte) length});
    }

    /** Whether a device gets its handshake abbreviated; it gets one in any case. */
    private boolean resumes(Device device, TlsSession session) {
        assertThat(device.resumes(session).connect(handshakes).result()).isNotNull();
        return device.resumed();
    }

    private TlsSession session() {
        return session(device().asksV1());
    }

    private TlsSession session(Device first) {
        assertThat(first.connect(handshakes).result()).isNotNull();
        assertThat(first.resumed()).isFalse();
        return Objects.requireNonNull(first.session());
    }
}
