package io.staplegate.ocsp;

import io.staplegate.ocsp.Verdict.Reason;
import java.util.List;

/** What came of reading a revocation list. */
public sealed interface CrlReading {
    /** It verifies. Whether it still holds is for the reader to see. */
    record Verified(Crl crl) implements CrlReading {}

    /** It proves nothing. {@code reasons}: at least one. */
    record Unusable(List<Reason> reasons) implements CrlReading {}
}
