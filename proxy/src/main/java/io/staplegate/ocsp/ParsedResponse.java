package io.staplegate.ocsp;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;

/** A response taken apart completely, so that nothing after it can fail on form. Nothing in it is verified. */
sealed interface ParsedResponse {
    /** No bytes that could become a staple: no response at all, or one that answers nothing (R8). */
    record NoAnswer(Verdict.Reason reason) implements ParsedResponse {}

    /**
     * A basic response (RFC 6960 §4.2.1).
     *
     * @param structure the elements of the BasicOCSPResponse, as they came
     * @param signedBytes the encoded tbsResponseData, as it came
     * @param unsupported critical extensions of the response that are not understood
     */
    record Basic(
            ASN1Sequence structure,
            byte[] signedBytes,
            AlgorithmIdentifier algorithm,
            byte[] signature,
            List<Embedded> certificates,
            Responder responder,
            Instant producedAt,
            List<Single> singles,
            Set<String> unsupported)
            implements ParsedResponse {}

    /**
     * A certificate beside the signature.
     *
     * @param algorithm of the signature on it
     */
    record Embedded(X509Certificate certificate, AlgorithmIdentifier algorithm) {}

    /** Whoever claims to have signed: by name or by the SHA-1 hash of its key, the other being null (R13). */
    record Responder(@Nullable X500Principal name, byte @Nullable [] keyHash) {
        boolean names(X509Certificate certificate) {
            return keyHash != null
                    ? Arrays.equals(keyHash, CertIdHash.SHA1.digest(CertId.keyBits(certificate)))
                    : certificate.getSubjectX500Principal().equals(name);
        }
    }

    /**
     * What a response says of one certificate (RFC 6960 §4.2.1).
     *
     * @param revocation null unless revoked
     * @param unsupported critical extensions of this entry that are not understood
     */
    record Single(
            CertID certId,
            OcspAnswer.Status status,
            @Nullable Revocation revocation,
            Instant thisUpdate,
            @Nullable Instant nextUpdate,
            Set<String> unsupported) {}

    /**
     * When and why a certificate was revoked.
     *
     * @param reason for people, as far as the responder tells (RFC 5280 §5.3.1)
     */
    record Revocation(Instant at, String reason) {}
}
