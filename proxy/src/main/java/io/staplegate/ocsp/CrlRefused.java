package io.staplegate.ocsp;

import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;

/** A revocation list is not read on. Never leaves {@link CrlReader}. */
final class CrlRefused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Reason reason;

    CrlRefused(Reason reason) {
        super(reason.text(), null, false, false);
        this.reason = reason;
    }

    CrlRefused(Code code, String text) {
        this(new Reason(code, text));
    }

    Reason reason() {
        return reason;
    }
}
