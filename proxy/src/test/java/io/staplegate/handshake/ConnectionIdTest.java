package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection ids (RFC 9146) are used with a device that offers to, and agreed on afresh each time. */
final class ConnectionIdTest {
    private static final byte[] SECRET = {'4', '2'};

    private final Listening listening = new Listening(new Site("EC"));
    private final Handshakes handshakes = listening.overDtls();
    private final AtomicInteger made = new AtomicInteger();

    /** A device that sits behind no NAT of its own needs no id in what it gets, and says so with an empty one. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8, 255})
    void eachSideUsesTheIdThatTheOtherAskedFor(int length) throws IOException {
        byte[] own = new byte[length];
        Arrays.fill(own, (byte) 'd');
        Datagrams datagrams = Device.dtls().connectionId(own).datagrams(handshakes, this::newId);
        assertThat(id(datagrams)).isEqualTo(id(1));

        assertThat(datagrams.fromDevice(SECRET)).isEqualTo(SECRET);
        assertThat(record(datagrams.fromDevice, 6)).isEqualTo(id(1));
        assertThat(datagrams.toDevice(SECRET)).isEqualTo(SECRET);
        assertThat(record(datagrams.toDevice, length)).isEqualTo(own);
    }

    @Test
    void aDeviceThatDoesNotOfferThemGetsNone() throws IOException {
        Datagrams datagrams = Device.dtls().datagrams(handshakes, this::newId);
        assertThat(Objects.requireNonNull(datagrams.peer.result()).connectionId())
                .isNull();
        assertThat(datagrams.fromDevice(SECRET)).isEqualTo(SECRET);
        assertThat(made).hasValue(0);
    }

    @Test
    void aListenerMayUseNone() throws IOException {
        Device device = Device.dtls().connectionId(new byte[] {7});
        Datagrams datagrams = device.datagrams(handshakes, () -> null);
        assertThat(Objects.requireNonNull(datagrams.peer.result()).connectionId())
                .isNull();
        assertThat(device.acknowledged()).doesNotContain(TlsExtensionsUtils.EXT_connection_id);
        assertThat(datagrams.toDevice(SECRET)).isEqualTo(SECRET);
    }

    @Test
    void aResumedSessionHasANewId() throws IOException {
        TlsSession session = session(Device.dtls().connectionId(new byte[0]));
        Device again = Device.dtls().connectionId(new byte[] {9}).resumes(session);
        Datagrams datagrams = again.datagrams(handshakes, this::newId);
        assertThat(again.resumed()).isTrue();
        assertThat(id(datagrams)).isEqualTo(id(2));
        assertThat(datagrams.fromDevice(SECRET)).isEqualTo(SECRET);
        assertThat(record(datagrams.fromDevice, 6)).isEqualTo(id(2));
    }

    @Test
    void aSessionWithoutIdIsResumedWithOneAndTheOtherWayRound() throws IOException {
        Device first = Device.dtls();
        TlsSession session = session(first);
        Device second = Device.dtls().connectionId(new byte[0]).resumes(session);
        assertThat(id(second.datagrams(handshakes, this::newId))).isEqualTo(id(1));
        assertThat(second.resumed()).isTrue();

        Device third = Device.dtls().resumes(session);
        Datagrams datagrams = third.datagrams(handshakes, this::newId);
        assertThat(third.resumed()).isTrue();
        assertThat(Objects.requireNonNull(datagrams.peer.result()).connectionId())
                .isNull();
        assertThat(datagrams.fromDevice(SECRET)).isEqualTo(SECRET);
    }

    private TlsSession session(Device first) {
        assertThat(first.datagrams(handshakes, this::newId).peer.result()).isNotNull();
        return Objects.requireNonNull(first.session());
    }

    private byte[] newId() {
        return id(made.incrementAndGet());
    }

    private static byte[] id(int number) {
        return new byte[] {'s', 't', 'a', 'p', 'l', (byte) number};
    }

    private static byte[] id(Datagrams datagrams) {
        return Objects.requireNonNull(
                Objects.requireNonNull(datagrams.peer.result()).connectionId());
    }

    /** The id in the last record, which is of type tls12_cid unless the id is empty. */
    private static byte[] record(List<byte[]> datagrams, int length) {
        byte[] record = datagrams.getLast();
        assertThat(record[0]).isEqualTo((byte) (length == 0 ? ContentType.application_data : ContentType.tls12_cid));
        return Arrays.copyOfRange(record, 11, 11 + length);
    }
}
