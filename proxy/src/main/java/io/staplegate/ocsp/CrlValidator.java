package io.staplegate.ocsp;

import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * Judges revocation lists (CRLs, RFC 5280 §5): complete ones that a CA signed itself. What they say of single
 * certificates is not looked at.
 *
 * @param clockSkew how far in the future a thisUpdate may be
 */
public record CrlValidator(Duration clockSkew) {
    private static final int CRL_SIGN = 6;

    /**
     * Judges one list. Never throws, whatever the bytes are. Takes up to five times their size in memory.
     *
     * @param issuer trusted
     */
    public CrlVerdict judge(byte[] der, X509Certificate issuer, Instant at) {
        ParsedCrl list;
        try {
            list = ParsedCrl.of(der);
        } catch (IOException | RuntimeException e) {
            Reason reason = new Reason(Code.MALFORMED, "not a well-formed revocation list");
            return new CrlVerdict.Unusable(List.of(reason), Instant.MAX);
        }
        Instant nextUpdate = list.nextUpdate();
        List<Reason> reasons = new ArrayList<>();
        signer(list, issuer, reasons);
        kind(list, reasons);
        if (Duration.between(at, list.thisUpdate()).compareTo(clockSkew) > 0) {
            reasons.add(new Reason(Code.NOT_YET_VALID, "thisUpdate " + list.thisUpdate() + " is in the future"));
        }
        if (nextUpdate == null) {
            reasons.add(new Reason(Code.NO_NEXT_UPDATE, "nextUpdate is missing"));
        } else if (nextUpdate.isBefore(at)) {
            reasons.add(new Reason(Code.EXPIRED, "nextUpdate " + nextUpdate + " has passed"));
        }
        return nextUpdate == null || !reasons.isEmpty()
                ? new CrlVerdict.Unusable(List.copyOf(reasons), mends(list, reasons))
                : new CrlVerdict.Valid(list.thisUpdate(), nextUpdate, list.number());
    }

    private Instant mends(ParsedCrl list, List<Reason> reasons) {
        boolean isEarlyOnly = reasons.stream().allMatch(reason -> reason.code() == Code.NOT_YET_VALID);
        return isEarlyOnly ? list.thisUpdate().minus(clockSkew) : Instant.MAX;
    }

    private static void signer(ParsedCrl list, X509Certificate issuer, List<Reason> reasons) {
        X500Principal name = issuer.getSubjectX500Principal();
        boolean[] usage = issuer.getKeyUsage();
        if (!list.issuer().equals(name)) {
            reasons.add(new Reason(Code.UNAUTHORIZED_SIGNER, "the list is of " + list.issuer() + ", not of " + name));
        }
        if (usage != null && !usage[CRL_SIGN]) {
            reasons.add(new Reason(Code.UNAUTHORIZED_SIGNER, "the CA's certificate is not for signing lists"));
        }
        Signatures.check(list.algorithm(), list.signedBytes(), list.signature(), issuer.getPublicKey())
                .ifPresent(reasons::add);
    }

    private static void kind(ParsedCrl list, List<Reason> reasons) {
        if (list.isDelta()) {
            reasons.add(new Reason(Code.UNSUPPORTED, "it is a delta list"));
        }
        if (list.isIndirect()) {
            reasons.add(new Reason(Code.UNSUPPORTED, "it is an indirect list"));
        }
        for (String extension : list.unsupported()) {
            reasons.add(new Reason(Code.UNSUPPORTED, "the critical extension " + extension + " is not understood"));
        }
    }
}
