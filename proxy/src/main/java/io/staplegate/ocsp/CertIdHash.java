package io.staplegate.ocsp;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;

/** The hash that a CertID is made with (RFC 6960 §4.1.1, R11). */
public enum CertIdHash {
    SHA1("SHA-1", OIWObjectIdentifiers.idSHA1),
    SHA256("SHA-256", NISTObjectIdentifiers.id_sha256);

    private final String algorithm;
    private final ASN1ObjectIdentifier identifier;

    CertIdHash(String algorithm, ASN1ObjectIdentifier identifier) {
        this.algorithm = algorithm;
        this.identifier = identifier;
    }

    byte[] digest(byte[] bytes) {
        return Digest.of(algorithm, bytes);
    }

    ASN1ObjectIdentifier identifier() {
        return identifier;
    }
}
