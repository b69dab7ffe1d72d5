package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.dtls.CookieGate.Answer;
import io.staplegate.dtls.CookieGate.Challenge;
import io.staplegate.dtls.CookieGate.Ignored;
import io.staplegate.dtls.CookieGate.Verified;
import io.staplegate.telemetry.DatagramDrop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets a handshake, and who an answer (R45). */
final class CookieGateTest {
    private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 4711);

    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 7);
    private final CookieGate gate = new CookieGate(time::get);
    private final byte[] first = Hellos.first();

    @Test
    void aHelloWithoutACookieIsAnsweredWith44Bytes() {
        byte[] before = first.clone();
        byte[] challenge = challenge();
        assertThat(challenge).hasSize(44).hasSizeLessThan(first.length);
        assertThat(first).isEqualTo(before);
    }

    @Test
    void theCookieIsGoodForItsSourceAlone() {
        byte[] second = Hellos.second(first, challenge());
        assertThat(judge(second)).isInstanceOf(Verified.class);
        assertThat(gate.judge(new InetSocketAddress("192.0.2.1", 4712), second, second.length))
                .isInstanceOf(Challenge.class);
        assertThat(gate.judge(new InetSocketAddress("192.0.2.2", 4711), second, second.length))
                .isInstanceOf(Challenge.class);
        assertThat(gate.judge(new InetSocketAddress(InetAddress.ofLiteral("::1"), 4711), second, second.length))
                .isInstanceOf(Challenge.class);
    }

    @Test
    void theCookieIsGoodForItsHelloAlone() {
        byte[] second = Hellos.second(first, challenge());
        second[30] ^= 1;
        assertThat(judge(second)).isInstanceOf(Challenge.class);
    }

    @Test
    void aCookieOutlivesOneChangeOfTheSecretAndNotTwo() {
        byte[] second = Hellos.second(first, challenge());
        time.addAndGet(CookieGate.ROTATION.toNanos());
        assertThat(judge(second)).isInstanceOf(Verified.class);
        time.addAndGet(CookieGate.ROTATION.toNanos());
        assertThat(judge(second)).isInstanceOf(Challenge.class);
        assertThat(judge(Hellos.second(first, challenge()))).isInstanceOf(Verified.class);
    }

    @Test
    void aCookieDoesNotOutliveAQuietNight() {
        byte[] second = Hellos.second(first, challenge());
        time.addAndGet(2 * CookieGate.ROTATION.toNanos());
        assertThat(judge(second)).isInstanceOf(Challenge.class);
    }

    @Test
    void aRetransmissionIsKnownByItsHashAndAnotherHelloIsNot() {
        byte[] second = Hellos.second(first, challenge());
        byte[] again = second.clone();
        again[10]++;
        Verified verified = (Verified) judge(second);
        Verified repeated = (Verified) judge(again);
        assertThat(repeated.hello()).isEqualTo(verified.hello());
        assertThat(repeated.recordSequence()).isEqualTo(2);
        assertThat(verified.recordSequence()).isEqualTo(1);
        assertThat(verified.messageSequence()).isEqualTo(1);

        byte[] other = Hellos.first();
        byte[] otherChallenge = ((Challenge) judge(other)).helloVerifyRequest();
        assertThat(((Verified) judge(Hellos.second(other, otherChallenge))).hello())
                .isNotEqualTo(verified.hello());
    }

    @Test
    void whatComesBehindTheHelloIsNotReadHere() {
        byte[] second = Hellos.second(first, challenge());
        byte[] more = Arrays.copyOf(second, second.length + 100);
        assertThat(((Verified) judge(more)).hello()).isEqualTo(((Verified) judge(second)).hello());
    }

    @Test
    void aFragmentOfAHelloIsDroppedAsOne() {
        byte[] part = first.clone();
        part[24]--;
        assertDropped(part, DatagramDrop.FRAGMENTED_HELLO);
        byte[] rest = first.clone();
        rest[21] = 1;
        assertDropped(rest, DatagramDrop.FRAGMENTED_HELLO);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 12, 13, 14, 25, 60, 100})
    void aTruncatedHelloIsDropped(int length) {
        assertDropped(Arrays.copyOf(first, length), DatagramDrop.MALFORMED);
    }

    @Test
    void whatIsNoRecordIsDropped() {
        assertDropped(
                "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII), DatagramDrop.MALFORMED);
        byte[] tls = first.clone();
        tls[1] = 3;
        assertDropped(tls, DatagramDrop.MALFORMED);
    }

    @Test
    void theReservedVersionIsDroppedWhereverItIs() {
        byte[] record = first.clone();
        record[2] = (byte) 0xFE;
        assertDropped(record, DatagramDrop.MALFORMED);
        byte[] hello = first.clone();
        hello[26] = (byte) 0xFE;
        assertDropped(hello, DatagramDrop.MALFORMED);
    }

    @Test
    void aRecordOfNoSessionIsDroppedAsOne() {
        byte[] alert = {21, (byte) 0xFE, (byte) 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40};
        assertDropped(alert, DatagramDrop.UNKNOWN_SESSION);
        byte[] sealed = {23, (byte) 0xFE, (byte) 0xFD, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 2, 40};
        assertDropped(sealed, DatagramDrop.UNKNOWN_SESSION);
        byte[] withId = {25, (byte) 0xFE, (byte) 0xFD, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 1, 9};
        assertDropped(withId, DatagramDrop.UNKNOWN_SESSION);
        byte[] laterEpoch = first.clone();
        laterEpoch[4] = 1;
        assertDropped(laterEpoch, DatagramDrop.UNKNOWN_SESSION);
    }

    private void assertDropped(byte[] datagram, DatagramDrop why) {
        assertThat(judge(datagram)).isEqualTo(new Ignored(why));
    }

    private byte[] challenge() {
        return ((Challenge) judge(first)).helloVerifyRequest();
    }

    private Answer judge(byte[] datagram) {
        return gate.judge(SOURCE, datagram, datagram.length);
    }
}
