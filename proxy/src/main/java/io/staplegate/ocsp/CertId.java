package io.staplegate.ocsp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/** What names a certificate to a responder: hash algorithm, issuer name hash, issuer key hash, serial (R1). */
public final class CertId {
    private static final int MAX_SERIAL_BITS = 20 * 8;

    private final CertIdHash hash;
    private final CertID structure;
    private final int hashCode;

    private CertId(CertIdHash hash, CertID structure) {
        this.hash = hash;
        this.structure = structure;
        this.hashCode = structure.hashCode();
    }

    /** The CertID of a certificate. The name hashed is in the certificate's own issuer field (RFC 6960 §4.1.1). */
    public static CertId of(CertIdHash hash, X509Certificate certificate, X509Certificate issuer) {
        byte[] issuerName = certificate.getIssuerX500Principal().getEncoded();
        return of(hash, hash.digest(issuerName), hash.digest(keyBits(issuer)), certificate.getSerialNumber());
    }

    /** The CertID of a certificate that is known by its serial alone. The name hashed is its issuer's subject. */
    public static CertId of(CertIdHash hash, X509Certificate issuer, BigInteger serial) {
        byte[] issuerName = issuer.getSubjectX500Principal().getEncoded();
        return of(hash, hash.digest(issuerName), hash.digest(keyBits(issuer)), serial);
    }

    /**
     * The CertID that a stranger asks about, in the form in which CertIDs are equal: the NULL beside the algorithm may
     * be there or not (RFC 5754 §2). Null where the hash is none that we know.
     *
     * @throws IllegalArgumentException where a hash has not the length of its algorithm, or the serial is longer than
     *     RFC 5280 §4.1.2.2 allows
     */
    static @Nullable CertId asked(CertID asked) {
        CertIdHash hash = CertIdHash.of(asked.getHashAlgorithm().getAlgorithm());
        if (hash == null) {
            return null;
        }
        byte[] name = asked.getIssuerNameHash().getOctets();
        byte[] key = asked.getIssuerKeyHash().getOctets();
        BigInteger serial = asked.getSerialNumber().getValue();
        if (name.length != hash.length() || key.length != hash.length() || serial.bitLength() > MAX_SERIAL_BITS) {
            throw new IllegalArgumentException("a CertID of hashes of " + name.length + " and " + key.length
                    + " bytes, and a serial of " + serial.bitLength() + " bits");
        }
        return of(hash, name, key, serial);
    }

    private static CertId of(CertIdHash hash, byte[] issuerName, byte[] issuerKey, BigInteger serial) {
        CertID structure = new CertID(
                new AlgorithmIdentifier(hash.identifier(), DERNull.INSTANCE),
                new DEROctetString(issuerName),
                new DEROctetString(issuerKey),
                new ASN1Integer(serial));
        return new CertId(hash, structure);
    }

    /** A name that is unique to this CertID and safe as a file name: 64 lower-case hex digits. */
    public String fileName() {
        try {
            return HexFormat.of().formatHex(Digest.of("SHA-256", structure.getEncoded(ASN1Encoding.DER)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The hash that the names in it are made with. */
    public CertIdHash hash() {
        return hash;
    }

    /** The CA that it names, by the same hash. */
    public IssuerId issuer() {
        return IssuerId.of(
                hash,
                structure.getIssuerNameHash().getOctets(),
                structure.getIssuerKeyHash().getOctets());
    }

    /** The serial of the certificate that it names. */
    public BigInteger serial() {
        return structure.getSerialNumber().getValue();
    }

    /** Whether a CertID says the same, whichever way it writes that its hash has no parameters (RFC 5754 §2). */
    boolean isSameAs(CertID other) {
        return other.getHashAlgorithm().getAlgorithm().equals(hash.identifier())
                && other.getIssuerNameHash().equals(structure.getIssuerNameHash())
                && other.getIssuerKeyHash().equals(structure.getIssuerKeyHash())
                && other.getSerialNumber().equals(structure.getSerialNumber());
    }

    CertID structure() {
        return structure;
    }

    /** The public key that a key hash is made of: the BIT STRING without tag, length and unused bits. */
    static byte[] keyBits(X509Certificate certificate) {
        return SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded())
                .getPublicKeyData()
                .getBytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CertId that && hashCode == that.hashCode && structure.equals(that.structure);
    }

    @Override
    public int hashCode() {
        return hashCode;
    }

    @Override
    public String toString() {
        return hash + " " + serial().toString(16);
    }
}
