package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.demo.Issuance;
import io.staplegate.staple.ChainStaples;
import io.staplegate.staple.Staple;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bouncycastle.tls.AlertDescription;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets which staple (R24 to R32, R54). */
final class StaplingTest {
    private final Site site = new Site("EC");
    private final Listening listening = new Listening(site);
    private final String leaf = Device.digest(site.staple(0).dressed());
    private final String intermediate = Device.digest(site.staple(1).dressed());

    @Test
    void tls13GetsEachCertificatesStapleBesideIt() {
        Device device = Device.tls13().asksV1();
        ServerPeer peer = device.connect(listening.handshakes());
        assertThat(device.staples()).containsExactly(leaf, intermediate);
        assertThat(kind(peer)).isEqualTo(StapleKind.CHAIN);
    }

    @ParameterizedTest
    @MethodSource("olderDevices")
    void statusRequestGetsTheLeafsStaple(Device device) {
        ServerPeer peer = device.asksV1().connect(listening);
        assertThat(device.staples()).containsExactly(leaf);
        assertThat(kind(peer)).isEqualTo(StapleKind.LEAF);
    }

    @ParameterizedTest
    @MethodSource("olderDevices")
    void multiGetsTheWholeChains(Device device) {
        ServerPeer peer = device.asksV1().asksV2(2, 1).connect(listening);
        assertThat(device.staples()).containsExactly(leaf, intermediate);
        assertThat(kind(peer)).isEqualTo(StapleKind.CHAIN);
    }

    @ParameterizedTest
    @MethodSource("olderDevices")
    void v2GetsTheTypeThatTheClientNamesFirst(Device device) {
        device.asksV2(1, 2).connect(listening);
        assertThat(device.staples()).containsExactly(leaf);
    }

    @ParameterizedTest
    @MethodSource("olderDevices")
    void v2SkipsTypesThatNobodyKnows(Device device) {
        device.asksV2(77, 2).connect(listening);
        assertThat(device.staples()).containsExactly(leaf, intermediate);
    }

    @Test
    void tls13ToleratesV2AndDoesNotActOnIt() {
        Device device = Device.tls13().asksV2(2);
        ServerPeer peer = device.connect(listening.handshakes());
        assertThat(device.staples()).containsOnly("none");
        assertThat(kind(peer)).isEqualTo(StapleKind.NOT_REQUESTED);
    }

    @Test
    void whoDoesNotAskPaysNoByte() {
        for (Supplier<Device> kind : List.<Supplier<Device>>of(Device::tls13, Device::tls12, Device::dtls)) {
            List<Device> pair = List.of(kind.get(), kind.get());
            pair.get(0).connect(new Listening(site));
            Listening without = new Listening(site);
            without.staples.put(site.identity(), Site.noStaples());
            pair.get(1).connect(without);
            assertThat(pair.get(0).bytesReceived()).isCloseTo(pair.get(1).bytesReceived(), within(6L));
        }
    }

    @ParameterizedTest
    @MethodSource("olderDevices")
    void whereThereIsNothingToSendNothingIsAcknowledged(Device device) {
        listening.staples.put(site.identity(), Site.noStaples());
        ServerPeer peer = device.asksV1().asksV2(2, 1).connect(listening);
        assertThat(peer.result()).isNotNull();
        assertThat(device.statusAcknowledged).isFalse();
        assertThat(device.status).isNull();
        assertThat(kind(peer)).isEqualTo(StapleKind.NONE);
    }

    @Test
    void anIdentityWithStaplingOffNeverStaples() {
        Site off = new Site("EC", Stapling.OFF, OnRevoked.STAPLE, UnaryOperator.identity());
        Device device = Device.tls13().asksV1();
        device.connect(new Listening(off).handshakes());
        assertThat(device.staples()).containsOnly("none");
    }

    @Test
    void aGapAtTheEndOfTheListIsLeftOut() {
        listening.staples.put(site.identity(), site.leafStaple());
        Device device = Device.tls12().asksV2(2);
        ServerPeer peer = device.connect(listening.handshakes());
        assertThat(device.staples()).containsExactly(leaf);
        assertThat(kind(peer)).isEqualTo(StapleKind.LEAF);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 255})
    void anUnknownStatusTypeIsIgnored(int type) {
        for (Device device : List.of(Device.tls13(), Device.tls12(), Device.dtls())) {
            ServerPeer peer =
                    device.asksV1(new byte[] {(byte) type, 0, 0, 0, 0}).connect(listening);
            assertThat(kind(peer)).isEqualTo(StapleKind.NOT_REQUESTED);
        }
    }

    @Test
    void whatARequestSaysBesideItsTypeChangesNothing() {
        byte[] nested = new byte[30_000];
        new Random(1).nextBytes(nested);
        nested[0] = 1;
        for (byte[] request : List.of(new byte[] {1}, new byte[] {1, -1, -1}, nested)) {
            Device device = Device.tls13().asksV1(request);
            device.connect(listening.handshakes());
            assertThat(device.staples()).containsExactly(leaf, intermediate);
        }
    }

    @Test
    void aMalformedV2RequestIsNone() {
        for (byte[] request : List.of(new byte[0], new byte[] {0}, new byte[] {0, 9, 2, 0}, new byte[] {0, 1, 2})) {
            Device device = Device.tls12().extension(17, request);
            ServerPeer peer = device.connect(listening.handshakes());
            assertThat(kind(peer)).isEqualTo(StapleKind.NOT_REQUESTED);
        }
    }

    @Test
    void aResponseThatDoesNotFitBesideItsCertificateIsLeftOut() {
        byte[] huge = new byte[65_530];
        listening.staples.put(
                site.identity(), new ChainStaples(List.of(site.staple(huge, huge), site.staple(1)), false));
        Device device = Device.tls13().asksV1();
        ServerPeer peer = device.connect(listening.handshakes());
        assertThat(device.staples()).containsExactly("none", intermediate);
        assertThat(kind(peer)).isEqualTo(StapleKind.NONE);
    }

    @Test
    void aRevokedStapleIsServedUnlessTheOperatorSaysRefuse() {
        ChainStaples revoked = new ChainStaples(List.of(site.staple(0), site.staple(1)), true);
        listening.staples.put(site.identity(), revoked);
        assertThat(Device.tls13().asksV1().connect(listening.handshakes()).result())
                .isNotNull();

        Site refusing = new Site("EC", Stapling.AUTO, OnRevoked.REFUSE, UnaryOperator.identity());
        Listening other = new Listening(refusing);
        other.staples.put(refusing.identity(), revoked);
        Device device = Device.tls13();
        assertThat(device.connect(other.handshakes()).result()).isNull();
        assertThat(device.alert).isEqualTo(AlertDescription.internal_error);
    }

    @Test
    void aMustIdentityRefusesWhoAsksAndCannotBeServed() {
        for (Site must : List.of(
                new Site("EC", Stapling.MUST, OnRevoked.STAPLE, UnaryOperator.identity()),
                new Site("EC", Stapling.AUTO, OnRevoked.STAPLE, Issuance::mustStaple))) {
            Listening listener = new Listening(must);
            assertThat(Device.tls12().asksV1().connect(listener.handshakes()).result())
                    .isNotNull();
            listener.staples.put(must.identity(), Site.noStaples());
            for (Device device : List.of(Device.tls13(), Device.tls12(), Device.dtls())) {
                assertThat(device.asksV1().connect(listener).result()).isNull();
                assertThat(device.alert).isEqualTo(AlertDescription.internal_error);
            }
            assertThat(Device.tls13().connect(listener.handshakes()).result()).isNotNull();
        }
    }

    @Test
    void aStapleIsPreparedOnceAndAgainWhenItChanges() {
        PreparedIdentity prepared = PreparedIdentity.of(site.identity(), CryptoProvider.crypto());
        ChainStaples staples = site.chainStaples();
        StapledChain first = prepared.stapled(staples);
        assertThat(prepared.stapled(staples)).isSameAs(first);
        assertThat(prepared.stapled(site.chainStaples())).isNotSameAs(first);
    }

    @Test
    void aChainWithoutTheLeafsStapleCountsAsNone() {
        List<@Nullable Staple> gap = new ArrayList<>();
        gap.add(null);
        gap.add(site.staple(1));
        listening.staples.put(site.identity(), new ChainStaples(gap, false));
        Device device = Device.tls13().asksV1();
        assertThat(kind(device.connect(listening.handshakes()))).isEqualTo(StapleKind.NONE);
        Device older = Device.tls12().asksV2(2);
        assertThat(kind(older.connect(listening.handshakes()))).isEqualTo(StapleKind.NONE);
        assertThat(older.statusAcknowledged).isFalse();
    }

    private static List<Device> olderDevices() {
        return List.of(Device.tls12(), Device.dtls());
    }

    private static StapleKind kind(ServerPeer peer) {
        return Objects.requireNonNull(peer.result(), "the handshake failed").stapleKind();
    }
}
