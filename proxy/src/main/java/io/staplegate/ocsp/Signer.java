package io.staplegate.ocsp;

import io.staplegate.ocsp.ParsedResponse.Basic;
import io.staplegate.ocsp.ParsedResponse.Embedded;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

/**
 * Who signed a response: the issuer of the certificate itself, or a delegate that the issuer itself certified for this
 * (R3, RFC 6960 §4.2.2.2). A key is used only after the issuer vouched for it.
 *
 * <p>A delegate without id-pkix-ocsp-nocheck is accepted like one with it: whether the delegate is revoked cannot be
 * found out in a pure function, and this is the local policy that R7 leaves room for.
 *
 * @param delegate the delegate's certificate; null: the issuer signed
 * @param reasons what speaks against the signer or the signature, dates aside
 */
record Signer(@Nullable X509Certificate delegate, List<Reason> reasons) {
    private static final int DIGITAL_SIGNATURE = 0;

    private static final Reason NOBODY = unauthorized("the signer is neither the issuer nor in the response");
    private static final Reason NOT_CERTIFIED =
            unauthorized("the signer was not certified by the certificate's own issuer");

    /** The first signer that the responder ID names and nothing speaks against, else the first that it names. */
    static Signer of(Basic response, X509Certificate issuer) {
        List<Signer> named = new ArrayList<>();
        if (response.responder().names(issuer)) {
            named.add(new Signer(null, signature(response, issuer).stream().toList()));
        }
        for (Embedded embedded : response.certificates()) {
            if (response.responder().names(embedded.certificate())) {
                named.add(delegate(response, embedded, issuer));
            }
        }
        return named.stream()
                .filter(signer -> signer.reasons.isEmpty())
                .findFirst()
                .or(() -> named.stream().findFirst())
                .orElseGet(() -> new Signer(null, List.of(NOBODY)));
    }

    /** What speaks against the dates of the signer's certificate. The issuer's own are the affair of its chain. */
    Optional<Reason> validity(Instant at, Duration clockSkew) {
        if (delegate == null) {
            return Optional.empty();
        }
        Instant notBefore = delegate.getNotBefore().toInstant();
        Instant notAfter = delegate.getNotAfter().toInstant();
        if (Duration.between(at, notBefore).compareTo(clockSkew) > 0) {
            return Optional.of(new Reason(Code.SIGNER_NOT_VALID, "the signer's certificate begins at " + notBefore));
        }
        if (notAfter.isBefore(at)) {
            return Optional.of(new Reason(Code.SIGNER_NOT_VALID, "the signer's certificate expired at " + notAfter));
        }
        return Optional.empty();
    }

    /** The end of a response: its nextUpdate, but not after the delegate's certificate expires. */
    Instant limit(Instant nextUpdate) {
        if (delegate == null) {
            return nextUpdate;
        }
        Instant end = delegate.getNotAfter().toInstant();
        return end.isBefore(nextUpdate) ? end : nextUpdate;
    }

    private static Signer delegate(Basic response, Embedded embedded, X509Certificate issuer) {
        X509Certificate delegate = embedded.certificate();
        Optional<Reason> notVouchedFor = certification(embedded, issuer);
        if (notVouchedFor.isPresent()) {
            return new Signer(delegate, List.of(notVouchedFor.get()));
        }
        List<Reason> reasons = new ArrayList<>();
        authority(delegate).ifPresent(reasons::add);
        signature(response, delegate).ifPresent(reasons::add);
        return new Signer(delegate, List.copyOf(reasons));
    }

    private static Optional<Reason> certification(Embedded embedded, X509Certificate issuer) {
        X509Certificate delegate = embedded.certificate();
        if (!delegate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return Optional.of(NOT_CERTIFIED);
        }
        try {
            return Signatures.check(
                            embedded.algorithm(),
                            delegate.getTBSCertificate(),
                            delegate.getSignature(),
                            issuer.getPublicKey())
                    .map(reason -> reason.code() == Code.WEAK_SIGNATURE
                            ? new Reason(Code.WEAK_SIGNATURE, "in the signer's certificate " + reason.text())
                            : NOT_CERTIFIED);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has no encoding", e);
        }
    }

    private static Optional<Reason> authority(X509Certificate delegate) {
        try {
            List<String> purposes = delegate.getExtendedKeyUsage();
            if (purposes == null || !purposes.contains(KeyPurposeId.id_kp_OCSPSigning.getId())) {
                return Optional.of(unauthorized("the signer's certificate is not for signing OCSP responses"));
            }
        } catch (CertificateParsingException e) {
            return Optional.of(unauthorized("the signer's extended key usage cannot be read"));
        }
        boolean[] usage = delegate.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            return Optional.of(unauthorized("the signer's certificate is not for digital signatures"));
        }
        return delegate.hasUnsupportedCriticalExtension()
                ? Optional.of(unauthorized("the signer's certificate has a critical extension that is not understood"))
                : Optional.empty();
    }

    private static Optional<Reason> signature(Basic response, X509Certificate signer) {
        return Signatures.check(
                response.algorithm(), response.signedBytes(), response.signature(), signer.getPublicKey());
    }

    private static Reason unauthorized(String text) {
        return new Reason(Code.UNAUTHORIZED_SIGNER, text);
    }
}
