package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compact set holds exactly what was put into it. */
final class RevokedSerialsTest {
    private static final Instant SINCE = Instant.parse("2026-03-01T12:00:00Z");

    private final RevokedSerials.Collector collector = new RevokedSerials.Collector();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 15, 16, 17, 4_095, 4_096, 4_097, 50_000})
    void findsWhatIsInItAndNothingElse(int count) {
        Random random = new Random(count);
        Map<BigInteger, RevocationReason> all = new HashMap<>();
        while (all.size() < count) {
            BigInteger serial = new BigInteger(8 * (2 + random.nextInt(3)) - 1, random);
            RevocationReason reason = RevocationReason.of(random.nextInt(6));
            if (all.putIfAbsent(serial, reason) == null) {
                add(serial, reason);
            }
        }

        RevokedSerials serials = collector.seal();

        assertThat(serials.size()).isEqualTo(count);
        all.forEach((serial, reason) -> assertThat(serials.find(serial)).isEqualTo(new Revocation(SINCE, reason)));
        for (int i = 0; i < 10_000; i++) {
            BigInteger other = new BigInteger(31, random);
            assertThat(serials.find(other) != null).isEqualTo(all.containsKey(other));
        }
    }

    @Test
    void serialsThatCountUpOrDownAreFound() {
        BigInteger start = BigInteger.ONE.shiftLeft(150);
        for (int i = 0; i < 10_000; i++) {
            add(start.add(BigInteger.valueOf(i)), RevocationReason.UNSPECIFIED);
            add(start.subtract(BigInteger.valueOf(i + 1)), RevocationReason.UNSPECIFIED);
        }

        RevokedSerials serials = collector.seal();

        assertThat(serials.size()).isEqualTo(20_000);
        assertThat(serials.find(start.add(BigInteger.valueOf(9_999)))).isNotNull();
        assertThat(serials.find(start.add(BigInteger.valueOf(10_000)))).isNull();
        assertThat(serials.find(start.subtract(BigInteger.valueOf(10_000)))).isNotNull();
        assertThat(serials.find(start.subtract(BigInteger.valueOf(10_001)))).isNull();
    }

    @Test
    void oneOf20BytesTakes24() {
        Random random = new Random(1);
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            add(new BigInteger(159, random).setBit(158), RevocationReason.KEY_COMPROMISE);
        }
        assertThat(collector.seal().bytes()).isEqualTo(23L * count);
    }

    @Test
    void serialsOfAnyLengthAndSignAreToldApart() {
        BigInteger longest = BigInteger.ONE.shiftLeft(8 * RevokedSerials.LONGEST - 2);
        for (BigInteger serial : new BigInteger[] {BigInteger.ZERO, BigInteger.valueOf(-1), longest}) {
            add(serial, RevocationReason.KEY_COMPROMISE);
        }

        RevokedSerials serials = collector.seal();

        assertThat(serials.find(BigInteger.ZERO)).isNotNull();
        assertThat(serials.find(BigInteger.valueOf(-1))).isNotNull();
        assertThat(serials.find(BigInteger.valueOf(255))).isNull();
        assertThat(serials.find(longest)).isNotNull();
        assertThat(serials.find(longest.shiftLeft(8))).isNull();
    }

    @Test
    void ofASerialThatIsThereTwiceRevokedGoesBeforeRemoved() {
        add(BigInteger.ONE, RevocationReason.REMOVE_FROM_CRL);
        add(BigInteger.ONE, RevocationReason.AA_COMPROMISE);
        add(BigInteger.ONE, RevocationReason.AA_COMPROMISE);

        RevokedSerials serials = collector.seal();

        assertThat(serials.size()).isEqualTo(1);
        assertThat(serials.find(BigInteger.ONE)).isEqualTo(new Revocation(SINCE, RevocationReason.AA_COMPROMISE));
    }

    @Test
    void aTimeOutsideOfWhatCanBeWrittenIsTheNearestThatCan() {
        collector.add(new byte[] {1}, RevocationReason.UNSPECIFIED, -1);
        collector.add(new byte[] {2}, RevocationReason.UNSPECIFIED, Instant.MAX.getEpochSecond());

        RevokedSerials serials = collector.seal();

        assertThat(serials.find(BigInteger.ONE)).isEqualTo(new Revocation(Instant.EPOCH, RevocationReason.UNSPECIFIED));
        assertThat(serials.find(BigInteger.TWO))
                .extracting(Revocation::since)
                .isEqualTo(Instant.ofEpochSecond(3600L * ((1 << 20) - 1)));
    }

    private void add(BigInteger serial, RevocationReason reason) {
        collector.add(serial.toByteArray(), reason, SINCE.getEpochSecond() + 3599);
    }
}
