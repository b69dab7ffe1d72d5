package io.staplegate.device;

import io.staplegate.demo.Authority;
import io.staplegate.fetch.Downloads;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.junit.jupiter.api.Named;

/** Lists that must not be kept, each for a reason of its own. */
final class UnusableLists {
    private UnusableLists() {}

    static Stream<Named<byte[]>> of(Authority ca, Authority other) {
        Instant start = Site.START;
        SignedList good = SignedList.of(ca, start);
        byte[] encoded = good.encode();
        byte[] flipped = encoded.clone();
        flipped[flipped.length - 1] ^= 1;
        var indirect = new IssuingDistributionPoint(null, false, false, null, true, false);
        return Stream.of(
                Named.of("signed by another", good.signedBy(other).encode()),
                Named.of(
                        "of another",
                        good.signedBy(other).named(other.certificate()).encode()),
                Named.of(
                        "of another, signed by the CA",
                        good.named(other.certificate()).encode()),
                Named.of("bad signature", flipped),
                Named.of("weak signature", good.signedWith("SHA1withECDSA").encode()),
                Named.of(
                        "from the future",
                        good.valid(start.plusSeconds(600), start.plusSeconds(9000))
                                .encode()),
                Named.of(
                        "over",
                        good.valid(start.minusSeconds(9000), start.minusSeconds(1))
                                .encode()),
                Named.of("without end", good.valid(start, null).encode()),
                Named.of(
                        "delta",
                        good.critical(Extension.deltaCRLIndicator, new CRLNumber(BigInteger.ONE))
                                .encode()),
                Named.of(
                        "indirect",
                        good.critical(Extension.issuingDistributionPoint, indirect)
                                .encode()),
                Named.of(
                        "critical extension",
                        good.critical(new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"), DERNull.INSTANCE)
                                .encode()),
                Named.of("trailing byte", Arrays.copyOf(encoded, encoded.length + 1)),
                Named.of("cut", Arrays.copyOf(encoded, encoded.length - 1)),
                Named.of("HTML", "<html>log in</html>".getBytes(StandardCharsets.US_ASCII)),
                Named.of("empty", new byte[0]),
                Named.of("too large", new byte[Downloads.LARGEST + 1]));
    }
}
