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
    private final CertIdHash hash;
    private final CertID structure;

    private CertId(CertIdHash hash, CertID structure) {
        this.hash = hash;
        this.structure = structure;
    }

    /** The CertID of a certificate. The name hashed is in the certificate's own issuer field (RFC 6960 §4.1.1). */
    public static CertId of(CertIdHash hash, X509Certificate certificate, X509Certificate issuer) {
        byte[] issuerName = certificate.getIssuerX500Principal().getEncoded();
        return of(hash, issuerName, issuer, certificate.getSerialNumber());
    }

    /** The CertID of a certificate that is known by its serial alone. The name hashed is its issuer's subject. */
    public static CertId of(CertIdHash hash, X509Certificate issuer, BigInteger serial) {
        return of(hash, issuer.getSubjectX500Principal().getEncoded(), issuer, serial);
    }

    private static CertId of(CertIdHash hash, byte[] issuerName, X509Certificate issuer, BigInteger serial) {
        CertID structure = new CertID(
                new AlgorithmIdentifier(hash.identifier(), DERNull.INSTANCE),
                new DEROctetString(hash.digest(issuerName)),
                new DEROctetString(hash.digest(keyBits(issuer))),
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
        return other instanceof CertId that && structure.equals(that.structure);
    }

    @Override
    public int hashCode() {
        return structure.hashCode();
    }

    @Override
    public String toString() {
        return hash + " " + serial().toString(16);
    }
}
