package io.staplegate.ocsp;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;

/** The hash that a CertID is made with (RFC 6960 §4.1.1, R11). */
public enum CertIdHash {
    SHA1("SHA-1"),
    SHA256("SHA-256");

    private final String algorithm;

    CertIdHash(String algorithm) {
        this.algorithm = algorithm;
    }

    byte[] digest(byte[] bytes) {
        return Digest.of(algorithm, bytes);
    }

    ASN1ObjectIdentifier identifier() {
        return switch (this) {
            case SHA1 -> OIWObjectIdentifiers.idSHA1;
            case SHA256 -> NISTObjectIdentifiers.id_sha256;
        };
    }
}
