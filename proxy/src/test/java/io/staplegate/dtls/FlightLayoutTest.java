package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.tls.TlsUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How flights lie in datagrams (R46, R48). */
final class FlightLayoutTest {
    private static final byte[] CHANGE_CIPHER_SPEC = record(20, 0, new byte[] {1});
    private static final byte[] FINISHED = record(22, 1, new byte[40]);

    @ParameterizedTest
    @CsvSource({"256", "300", "512", "576", "1000", "1232", "1400", "9000", "65507"})
    void everyDatagramFitsAndTheMessagesComeOutAsTheyWentIn(int mtu) {
        Random random = new Random(mtu);
        for (int round = 0; round < 200; round++) {
            List<byte[]> messages = new ArrayList<>();
            for (int count = random.nextInt(1, 7); count > 0; count--) {
                byte[] body = new byte[random.nextInt(random.nextBoolean() ? 200 : 20_000)];
                random.nextBytes(body);
                messages.add(body);
            }
            int recordLimit = 512 << random.nextInt(6);
            List<byte[]> datagrams = FlightLayout.of(flight(messages, recordLimit), mtu, recordLimit, () -> 7);
            assertThat(datagrams).allMatch(datagram -> datagram.length <= mtu);
            assertThat(datagrams.stream().flatMap(datagram -> Datagrams.records(datagram).stream()))
                    .allMatch(record -> record.length <= Records.HEADER + recordLimit);
            assertThat(reassembled(datagrams)).containsExactlyElementsOf(messages);
            assertThat(FlightLayout.of(flight(messages, recordLimit), mtu, recordLimit, () -> 7))
                    .containsExactlyElementsOf(datagrams);
        }
    }

    @Test
    void whatFitsIsOneRecordInOneDatagram() {
        List<byte[]> messages = List.of(new byte[70], new byte[400], new byte[300], new byte[150], new byte[0]);
        List<byte[]> datagrams = FlightLayout.of(flight(messages, 1 << 14), 1232, 1 << 14, () -> 1);
        assertThat(Datagrams.sizes(datagrams)).containsExactly(13 + 5 * 12 + 920);
        assertThat(Datagrams.records(datagrams.getFirst())).hasSize(1);
    }

    @Test
    void datagramsAreFilled() {
        List<byte[]> datagrams = FlightLayout.of(flight(List.of(new byte[5000]), 1 << 14), 512, 1 << 14, () -> 1);
        assertThat(datagrams.subList(0, datagrams.size() - 1)).allMatch(datagram -> datagram.length == 512);
    }

    @Test
    void noMessageIsCutForAFewBytes() {
        List<byte[]> messages = List.of(new byte[200], new byte[100]);
        int mtu = 13 + 12 + 200 + 12 + 31;
        assertThat(Datagrams.sizes(FlightLayout.of(flight(messages, 1 << 14), mtu, 1 << 14, () -> 1)))
                .containsExactly(13 + 12 + 200, 13 + 12 + 100);
    }

    @Test
    void nothingFollowsTheEndOfACutMessageInItsRecord() {
        List<byte[]> messages = List.of(new byte[300], new byte[50], new byte[0]);
        List<byte[]> datagrams = FlightLayout.of(flight(messages, 1 << 14), 256, 1 << 14, () -> 1);
        assertThat(Datagrams.sizes(datagrams)).containsExactly(256, 13 + 12 + 69 + 13 + 12 + 50 + 12);
        assertThat(Datagrams.records(datagrams.getLast())).hasSize(2);
    }

    @Test
    void theEndOfAFlightIsOneDatagram() {
        Flight flight = new Flight();
        flight.add(CHANGE_CIPHER_SPEC);
        flight.add(FINISHED);
        assertThat(Datagrams.sizes(FlightLayout.of(flight, 1232, 1 << 14, () -> 1)))
                .containsExactly(CHANGE_CIPHER_SPEC.length + FINISHED.length);
    }

    @Test
    void encryptedRecordsAreNeitherCutNorChanged() {
        Flight flight = flight(List.of(new byte[150]), 1 << 14);
        flight.add(CHANGE_CIPHER_SPEC);
        flight.add(FINISHED);
        AtomicLong sequence = new AtomicLong(5);
        List<byte[]> datagrams = FlightLayout.of(flight, 256 - 40, 1 << 14, sequence::getAndIncrement);
        assertThat(datagrams).hasSize(2);
        assertThat(datagrams.getLast()).isEqualTo(FINISHED);
        assertThat(sequence).hasValue(7);
    }

    @Test
    void recordsInPlaintextAreNumberedInTheirOrder() {
        AtomicLong sequence = new AtomicLong(0xFFFF_FFFFL);
        List<byte[]> datagrams =
                FlightLayout.of(flight(List.of(new byte[1000]), 1 << 14), 300, 1 << 14, sequence::getAndIncrement);
        assertThat(datagrams.stream().map(datagram -> TlsUtils.readUint48(datagram, 5)))
                .containsExactly(0xFFFF_FFFFL, 0x1_0000_0000L, 0x1_0000_0001L, 0x1_0000_0002L);
    }

    /** As the engine writes it: each message a record, or several where the record's limit says so. */
    private static Flight flight(List<byte[]> messages, int recordLimit) {
        Flight flight = new Flight();
        for (int sequence = 0; sequence < messages.size(); sequence++) {
            byte[] body = messages.get(sequence);
            int done = 0;
            do {
                int size = Math.min(recordLimit - 12, body.length - done);
                ByteBuffer message = ByteBuffer.allocate(12 + size);
                message.putInt(11 << 24 | body.length).putShort((short) sequence);
                message.put((byte) (done >> 16)).putShort((short) done);
                message.put((byte) (size >> 16)).putShort((short) size);
                message.put(body, done, size);
                flight.add(record(22, 0, message.array()));
                done += size;
            } while (done < body.length);
        }
        return flight;
    }

    private static byte[] record(int type, int epoch, byte[] body) {
        return ByteBuffer.allocate(Records.HEADER + body.length)
                .put((byte) type)
                .putShort((short) 0xFEFD)
                .putShort((short) epoch)
                .putShort((short) 0)
                .putInt(99)
                .putShort((short) body.length)
                .put(body)
                .array();
    }

    /** The bodies of the messages, whose fragments are in order. */
    private static List<byte[]> reassembled(List<byte[]> datagrams) {
        List<ByteArrayOutputStream> messages = new ArrayList<>();
        for (byte[] datagram : datagrams) {
            for (byte[] record : Datagrams.records(datagram)) {
                for (int at = Records.HEADER; at < record.length; ) {
                    int size = TlsUtils.readUint24(record, at + 9);
                    if (TlsUtils.readUint24(record, at + 6) == 0) {
                        messages.add(new ByteArrayOutputStream());
                    }
                    assertThat(TlsUtils.readUint16(record, at + 4)).isEqualTo(messages.size() - 1);
                    messages.getLast().writeBytes(Arrays.copyOfRange(record, at + 12, at + 12 + size));
                    at += 12 + size;
                }
            }
        }
        return messages.stream().map(ByteArrayOutputStream::toByteArray).toList();
    }
}
