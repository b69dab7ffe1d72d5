package io.staplegate.ocsp;

import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * What names a CA in a CertID: the hashes of its name and of its key, by one algorithm (RFC 6960 §4.1.1).
 *
 * @param nameHash lower-case hex
 * @param keyHash lower-case hex
 */
public record IssuerId(CertIdHash hash, String nameHash, String keyHash) {

    /** What a CertID that is made with this hash calls a CA. */
    public static IssuerId of(CertIdHash hash, X509Certificate issuer) {
        byte[] name = issuer.getSubjectX500Principal().getEncoded();
        return of(hash, hash.digest(name), hash.digest(CertId.keyBits(issuer)));
    }

    static IssuerId of(CertIdHash hash, byte[] nameHash, byte[] keyHash) {
        HexFormat hex = HexFormat.of();
        return new IssuerId(hash, hex.formatHex(nameHash), hex.formatHex(keyHash));
    }
}
