package io.staplegate.device;

import io.staplegate.ocsp.Crl;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** A list that verifies. {@code signer}: the CA whose it is. */
record HeldList(Crl crl, X509Certificate signer) {
    boolean isOf(X509Certificate issuer) {
        return ListSigners.areSame(signer, issuer);
    }

    /** Whether it has not ended. */
    boolean holdsAt(Instant now) {
        return now.isBefore(crl.nextUpdate());
    }
}
