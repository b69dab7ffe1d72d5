package io.staplegate.ocsp;

import java.util.List;

/** What a response is worth. */
public sealed interface Verdict {
    /** Every reason that speaks against the response; empty for {@link Good}. */
    List<Reason> reasons();

    /** The verdict as scripts read it: {@code good}, {@code revoked}, {@code unknown} or {@code unusable}. */
    default String word() {
        return switch (this) {
            case Good _ -> "good";
            case Revoked _ -> "revoked";
            case Unknown _ -> "unknown";
            case Unusable _ -> "unusable";
        };
    }

    /** The response verifies, and the certificate is good. */
    record Good(OcspAnswer answer) implements Verdict {
        @Override
        public List<Reason> reasons() {
            return List.of();
        }
    }

    /** The response verifies, and the certificate is revoked. */
    record Revoked(OcspAnswer answer, List<Reason> reasons) implements Verdict {}

    /** The response verifies, but the responder does not know the certificate. */
    record Unknown(OcspAnswer answer, List<Reason> reasons) implements Verdict {}

    /** The response proves nothing: malformed, unsigned, foreign, stale, or no answer at all. */
    record Unusable(List<Reason> reasons) implements Verdict {}

    /**
     * One thing that speaks against a response.
     *
     * @param code for metrics and tests
     * @param text for people: lower case, no full stop
     */
    record Reason(Code code, String text) {}

    /** The kinds of reasons. */
    enum Code {
        REVOKED,
        UNKNOWN,
        MALFORMED,
        UNSUPPORTED,
        OVERSIZE,
        RESPONDER_ERROR,
        /** The responder is there, and dislikes the request: malformedRequest, sigRequired (RFC 6960 §2.3). */
        REQUEST_REFUSED,
        TRY_LATER,
        UNAUTHORIZED,
        WRONG_CERTIFICATE,
        BAD_SIGNATURE,
        WEAK_SIGNATURE,
        UNAUTHORIZED_SIGNER,
        SIGNER_NOT_VALID,
        NOT_YET_VALID,
        EXPIRED,
        NO_NEXT_UPDATE,
        TOO_OLD
    }
}
