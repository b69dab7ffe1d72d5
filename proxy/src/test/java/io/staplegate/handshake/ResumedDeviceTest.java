package io.staplegate.handshake;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.ClientAuthConfig.Mode;
import io.staplegate.config.ClientAuthConfig.Naming;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.identity.DevicePath;
import io.staplegate.identity.DeviceTrust;
import io.staplegate.telemetry.PathFault;
import io.staplegate.testing.ClientAuth;
import io.staplegate.testing.DeviceAuthority;
import io.staplegate.testing.DeviceAuthority.Holder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.tls.TlsSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A resumed session is that of the device that made it, with a certificate or without, for as long as it is believed. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
final class ResumedDeviceTest {
    private final boolean overDtls;
    private final DeviceAuthority root = DeviceAuthority.root("Root");
    private final DeviceAuthority plant = root.subordinate("Plant");
    private final Holder meter = plant.device("meter");
    private final Listening listening = new Listening(new Site("EC"));
    private final Handshakes handshakes;

    ResumedDeviceTest(boolean overDtls) {
        this.overDtls = overDtls;
        listening.trust = trust(Mode.REQUIRE, Naming.CN, root.certificate());
        handshakes = listening.handshakes(device());
    }

    @Test
    void aResumedSessionHasThePathAndTheNameOfTheDevice() {
        DevicePath before = requireNonNull(
                requireNonNull(device().shows(meter).connect(handshakes).result())
                        .device());
        Device again = device().resumes(sessionOf(meter));
        DevicePath path = requireNonNull(
                requireNonNull(again.connect(handshakes).result()).device());
        assertThat(again.resumed()).isTrue();
        assertThat(path.certificates()).isEqualTo(before.certificates()).hasSize(3);
        assertThat(path.name()).isEqualTo("meter");
    }

    @Test
    void aReloadOfTheSameTrustEndsNoSession() {
        TlsSession session = sessionOf(meter);
        listening.trust = trust(Mode.REQUIRE, Naming.CN, root.certificate());
        assertThat(isResumed(session)).isTrue();
    }

    @Test
    void aChangeOfWhoIsBelievedOrWhatTheyAreCalledEndsEverySession() {
        X509Certificate other = DeviceAuthority.root("Other").certificate();
        for (DeviceTrust next : List.of(
                trust(Mode.REQUIRE, Naming.CN, root.certificate(), other),
                trust(Mode.REQUIRE, Naming.CN, plant.certificate()),
                trust(Mode.REQUIRE, Naming.DNS, root.certificate()),
                trust(Mode.REQUEST, Naming.CN, root.certificate()))) {
            listening.trust = trust(Mode.REQUIRE, Naming.CN, root.certificate());
            TlsSession session = sessionOf(meter);
            listening.trust = next;
            assertThat(isResumed(session)).isFalse();
        }
    }

    @Test
    void aSessionEndsWithTheDevicesCertificate() {
        assertEndsAfterTenMinutes(
                plant.device("meter", draft -> draft.valid(Duration.ofMinutes(-1), Duration.ofMinutes(10))));
    }

    @Test
    void aSessionEndsWithAnyCertificateAboveTheDevices() {
        assertEndsAfterTenMinutes(
                root.subordinate("Line", draft -> draft.valid(Duration.ofMinutes(-1), Duration.ofMinutes(10)))
                        .device("meter"));
    }

    private void assertEndsAfterTenMinutes(Holder brief) {
        TlsSession session = sessionOf(brief);
        listening.now = listening.now.plus(Duration.ofMinutes(9));
        assertThat(isResumed(session)).isTrue();
        listening.now = listening.now.plus(Duration.ofMinutes(2));
        Device late = device().shows(brief).resumes(session);
        assertThat(late.connect(handshakes).pathFault()).isEqualTo(PathFault.EXPIRED);
    }

    @Test
    void aDeviceThatIsForgottenShowsItsCertificateAgainAndTheOthersNeedNot() {
        TlsSession session = sessionOf(meter);
        TlsSession other = sessionOf(plant.device("other"));
        handshakes.forgetSessions(path -> "meter".equals(path.name()));
        Device again = device().shows(meter).resumes(session);
        DevicePath path = requireNonNull(
                requireNonNull(again.connect(handshakes).result()).device());
        assertThat(again.resumed()).isFalse();
        assertThat(path.name()).isEqualTo("meter");
        assertThat(isResumed(other)).isTrue();
    }

    /** Its session says nothing of who it is. */
    @ParameterizedTest
    @EnumSource
    void whereACertificateIsAskedForNoSessionOfBeforeIsResumed(Mode mode) {
        listening.trust = null;
        TlsSession session = sessionOf(null);
        listening.trust = trust(mode, Naming.CN, root.certificate());
        Device again = device().resumes(session);
        ServerPeer peer = again.connect(handshakes);
        assertThat(again.asked).isNotNull();
        assertThat(peer.pathFault()).isEqualTo(mode == Mode.REQUIRE ? PathFault.NO_CERTIFICATE : null);
    }

    @Test
    void whoCameInWithoutACertificateIsResumedWithoutOneAndOnlyWhereNoneIsRequired() {
        listening.trust = trust(Mode.REQUEST, Naming.CN, root.certificate());
        TlsSession session = sessionOf(null);
        Device again = device().shows(meter).resumes(session);
        assertThat(requireNonNull(again.connect(handshakes).result()).device()).isNull();
        assertThat(again.resumed()).isTrue();
        listening.trust = trust(Mode.REQUIRE, Naming.CN, root.certificate());
        assertThat(device().resumes(session).connect(handshakes).pathFault()).isEqualTo(PathFault.NO_CERTIFICATE);
    }

    @Test
    void whereNoneIsAskedForAnyMoreADeviceIsNobody() {
        TlsSession session = sessionOf(meter);
        listening.trust = null;
        Device again = device().resumes(session);
        assertThat(requireNonNull(again.connect(handshakes).result()).device()).isNull();
        assertThat(again.resumed()).isFalse();
    }

    @Test
    void aDeviceThatDidNotProveThatItHasTheKeyHasNoSession() {
        DeviceCredentials stolen =
                new DeviceCredentials(meter).provenWith(plant.device("thief").keys());
        Device thief = device().shows(stolen);
        assertThat(thief.connect(handshakes).result()).isNull();
        TlsSession session = thief.session();
        if (session != null) {
            assertThat(device().resumes(session).connect(handshakes).result()).isNull();
        }
    }

    @Test
    void theSessionOfADeviceWithACertificateDoesNotOutliveARestart(@TempDir Path folder) throws IOException {
        TlsSession session = sessionOf(meter);
        Handshakes after = restarted(folder);
        Device again = device().shows(meter).resumes(session);
        assertThat(requireNonNull(again.connect(after).result()).device()).isNotNull();
        assertThat(again.resumed()).isFalse();
    }

    @Test
    void aRestartMakesNobodyOfADeviceThatCameWithoutACertificate(@TempDir Path folder) throws IOException {
        listening.trust = trust(Mode.REQUEST, Naming.CN, root.certificate());
        TlsSession session = sessionOf(null);
        Handshakes after = restarted(folder);
        Device again = device().shows(meter).resumes(session);
        assertThat(requireNonNull(again.connect(after).result()).device()).isNull();
        assertThat(again.resumed()).isTrue();
        listening.trust = trust(Mode.REQUIRE, Naming.CN, root.certificate());
        assertThat(device().resumes(session).connect(after).pathFault()).isEqualTo(PathFault.NO_CERTIFICATE);
    }

    private Handshakes restarted(Path folder) throws IOException {
        Path file = folder.resolve("sessions");
        byte[] key = new byte[32];
        handshakes.keepSessions(file, key, "coaps");
        Handshakes after = listening.handshakes(device());
        after.takeUpSessions(file, key, "coaps");
        return after;
    }

    private static DeviceTrust trust(Mode mode, Naming naming, X509Certificate... anchors) {
        return DeviceTrust.of(ClientAuth.of(mode, naming, Policy.SOFT), List.of(anchors), List.of());
    }

    private Device device() {
        return (overDtls ? Device.dtls() : Device.tls12()).serverName("localhost");
    }

    private boolean isResumed(TlsSession session) {
        Device again = device().shows(meter).resumes(session);
        assertThat(again.connect(handshakes).result()).isNotNull();
        return again.resumed();
    }

    private TlsSession sessionOf(@Nullable Holder holder) {
        Device first = device();
        if (holder != null) {
            first.shows(holder);
        }
        assertThat(first.connect(handshakes).result()).isNotNull();
        assertThat(first.resumed()).isFalse();
        return requireNonNull(first.session());
    }
}
