package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.TlsUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a device's plaintext the engine gets. */
final class PlaintextGuardTest {
    private static final int HELLO = HandshakeType.client_hello;
    private static final int CERTIFICATE = HandshakeType.certificate;
    private static final int KEY_EXCHANGE = HandshakeType.client_key_exchange;
    private static final int VERIFY = HandshakeType.certificate_verify;
    private static final int FINISHED = HandshakeType.finished;
    private static final byte[] CHANGE = {1};

    /** Behind a hello that is record 5 and message 1. */
    private final PlaintextGuard guard = new PlaintextGuard(5, 1);

    private long sequence = 5;

    @Test
    void aFlightPassesInItsOrder() {
        assertThat(admit(22, message(CERTIFICATE, 2, 400, 0, 400))).hasSize(1);
        assertThat(admit(22, message(KEY_EXCHANGE, 3, 66, 0, 66))).hasSize(1);
        assertThat(admit(22, message(VERIFY, 4, 76, 0, 76))).hasSize(1);
        assertThat(admit(20, CHANGE)).hasSize(1);
    }

    @Test
    void aShortFlightPasses() {
        assertThat(admit(22, message(KEY_EXCHANGE, 2, 66, 0, 66))).hasSize(1);
        assertThat(admit(20, CHANGE)).hasSize(1);
    }

    @Test
    void theEngineGetsOneFragmentARecordAndAscendingNumbers() {
        byte[] both = joined(message(CERTIFICATE, 2, 400, 0, 400), message(KEY_EXCHANGE, 3, 66, 0, 66));
        sequence = 60;
        List<byte[]> admitted = new ArrayList<>(admit(22, both));
        sequence = 6;
        admitted.addAll(admit(22, message(VERIFY, 4, 76, 0, 76)));
        assertThat(admitted).hasSize(3);
        assertThat(admitted.stream().map(record -> TlsUtils.readUint48(record, 5)))
                .containsExactly(6L, 7L, 8L);
        assertThat(admitted).allMatch(record -> Datagrams.records(record).size() == 1);
    }

    @Test
    void aLongFragmentIsCut() {
        byte[] message = message(CERTIFICATE, 2, 5000, 100, 4500);
        List<byte[]> admitted = admit(22, message);
        assertThat(admitted).hasSize(5).allMatch(record -> record.length <= HandshakeInput.LONGEST_RECORD);
        byte[] content = new byte[5000];
        for (byte[] record : admitted) {
            int offset = TlsUtils.readUint24(record, 13 + 6);
            int size = TlsUtils.readUint24(record, 13 + 9);
            assertThat(record).hasSize(13 + 12 + size);
            System.arraycopy(record, 25, content, offset, size);
        }
        assertThat(Arrays.copyOfRange(content, 100, 4600)).isEqualTo(Arrays.copyOfRange(message, 12, message.length));
    }

    @ParameterizedTest
    @CsvSource({
        "11, 2, 16385, 0, 100", // a certificate of too many bytes
        "11, 2, 16777215, 0, 1",
        "11, 3, 400, 0, 400", // where there is none
        "11, 1, 400, 0, 400",
        "11, 17, 400, 0, 400",
        "16, 2, 2000, 0, 100", // a key exchange of too many bytes
        "16, 4, 66, 0, 66",
        "15, 3, 76, 0, 76",
        "15, 4, 2000, 0, 100",
        "20, 3, 12, 0, 12", // in plaintext
        "23, 2, 12, 0, 12", // was not asked for
        "1, 2, 100, 0, 100", // a second hello
        "2, 2, 100, 0, 100", // what a server says
        "255, 2, 100, 0, 100",
        "16, 2, 66, 60, 7", // beyond its end
        "16, 2, 66, 66, 0",
        "16, 2, 0, 0, 0"
    })
    void aMessageThatHasNoPlaceIsDropped(int type, int message, int length, int offset, int size) {
        assertThat(admit(22, message(type, message, length, offset, size))).isEmpty();
    }

    @Test
    void aFragmentThatClaimsMoreThanItsRecordHasIsDropped() {
        byte[] lying = Arrays.copyOf(message(CERTIFICATE, 2, 400, 0, 400), 300);
        assertThat(admit(22, lying)).isEmpty();
        assertThat(admit(22, joined(message(CERTIFICATE, 2, 400, 0, 400), lying)))
                .hasSize(1);
        assertThat(admit(22, new byte[11])).isEmpty();
        assertThat(admit(22, new byte[0])).isEmpty();
    }

    @Test
    void aHelloPassesWhereTheGateHasSeenItAlone() {
        byte[] hello = message(HELLO, 1, 100, 0, 100);
        assertThat(admit(22, hello)).hasSize(1);
        assertThat(admit(22, joined(message(KEY_EXCHANGE, 2, 66, 0, 66), hello)))
                .hasSize(1);
        byte[] two = joined(record(20, CHANGE), record(22, hello));
        Records record = new Records(two, 0, two.length, 0);
        record.next();
        record.next();
        assertThat(guard.admit(record)).isEmpty();
    }

    @Test
    void aHelloUnderEverNewNumbersIsNotAnsweredForEver() {
        byte[] hello = message(HELLO, 1, 100, 0, 100);
        long admitted =
                IntStream.range(0, 1000).map(i -> admit(22, hello).size()).sum();
        assertThat(admitted).isEqualTo(16);
        assertThat(admit(22, message(KEY_EXCHANGE, 2, 66, 0, 66))).hasSize(1);
    }

    @Test
    void aRecordPassesOnce() {
        byte[] hello = message(HELLO, 1, 100, 0, 100);
        assertThat(admit(22, hello)).hasSize(1);
        sequence--;
        assertThat(admit(22, hello)).isEmpty();
        sequence = 4;
        assertThat(admit(22, hello)).isEmpty();
    }

    @Test
    void aNumberFromFarAwayBlocksNothing() {
        sequence = (1L << 48) - 2;
        assertThat(admit(22, message(KEY_EXCHANGE, 2, 66, 0, 66))).isEmpty();
        sequence = 4000;
        assertThat(admit(21, new byte[] {1, 90})).hasSize(1);
        sequence = 6;
        assertThat(admit(22, message(KEY_EXCHANGE, 2, 66, 0, 66))).hasSize(1);
    }

    @Test
    void theChangeWaitsForTheProofThatACertificateNeeds() {
        admit(22, message(CERTIFICATE, 2, 400, 0, 400));
        admit(22, message(KEY_EXCHANGE, 3, 66, 0, 66));
        assertThat(admit(20, CHANGE)).isEmpty();
        admit(22, message(VERIFY, 4, 76, 40, 36));
        assertThat(admit(20, CHANGE)).isEmpty();
        admit(22, message(VERIFY, 4, 76, 0, 40));
        assertThat(admit(20, CHANGE)).hasSize(1);
    }

    @Test
    void noCertificateNeedsNoProof() {
        admit(22, message(CERTIFICATE, 2, 3, 0, 3));
        admit(22, message(KEY_EXCHANGE, 3, 66, 0, 66));
        assertThat(admit(20, CHANGE)).hasSize(1);
    }

    @Test
    void alertsPassAndOtherContentDoesNot() {
        assertThat(admit(21, new byte[] {2, 40})).hasSize(1);
        assertThat(admit(21, new byte[] {2})).isEmpty();
        assertThat(admit(20, new byte[] {1, 1})).isEmpty();
        assertThat(admit(23, new byte[] {1, 2, 3})).isEmpty();
        assertThat(admit(24, new byte[] {1, 0, 1, 1})).isEmpty();
    }

    @Test
    void aMessageInTheSmallestPiecesCostsSoMuchAndNoMore() {
        long admitted = IntStream.range(0, 10_000)
                .map(i -> admit(22, message(CERTIFICATE, 2, 16_000, i, 1)).size())
                .sum();
        assertThat(admitted).isLessThanOrEqualTo(2048);
    }

    @Test
    void aFinishedMessageIsNeverPlaintext() {
        assertThat(admit(22, joined(message(KEY_EXCHANGE, 2, 66, 0, 66), message(FINISHED, 3, 12, 0, 12))))
                .hasSize(1);
    }

    private List<byte[]> admit(int type, byte[] body) {
        sequence++;
        byte[] datagram = record(type, body);
        Records record = new Records(datagram, 0, datagram.length, 0);
        assertThat(record.next()).isTrue();
        return guard.admit(record);
    }

    private byte[] record(int type, byte[] body) {
        return ByteBuffer.allocate(Records.HEADER + body.length)
                .put((byte) type)
                .putShort((short) 0xFEFD)
                .putLong(sequence)
                .putShort((short) body.length)
                .put(body)
                .array();
    }

    private static byte[] message(int type, int message, int length, int offset, int size) {
        ByteBuffer fragment = ByteBuffer.allocate(12 + size)
                .put((byte) type)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .putShort((short) message)
                .put((byte) (offset >> 16))
                .putShort((short) offset)
                .put((byte) (size >> 16))
                .putShort((short) size);
        while (fragment.hasRemaining()) {
            fragment.put((byte) fragment.position());
        }
        return fragment.array();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }
}
