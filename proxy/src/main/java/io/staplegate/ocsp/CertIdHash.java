package io.staplegate.ocsp;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/** The hash that a CertID is made with (RFC 6960 §4.1.1, R11). */
public enum CertIdHash {
    SHA1("SHA-1", 20),
    SHA256("SHA-256", 32);

    private final String algorithm;
    private final int length;

    CertIdHash(String algorithm, int length) {
        this.algorithm = algorithm;
        this.length = length;
    }

    /** The hash of an identifier; null where it is none that we know. */
    static @Nullable CertIdHash of(ASN1ObjectIdentifier identifier) {
        for (CertIdHash hash : values()) {
            if (hash.identifier().equals(identifier)) {
                return hash;
            }
        }
        return null;
    }

    /** Of what it makes, in bytes. */
    int length() {
        return length;
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
