package io.staplegate.staple;

import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.telemetry.Rung;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Answers as values, for tests of what is pure. */
final class Answers {
    private static final URI RESPONDER = URI.create("http://ocsp.example/");

    private Answers() {}

    /** The first responder gave this. */
    static Finding.Answer found(OcspAnswer answer) {
        return new Finding.Answer(RESPONDER, answer, Rung.RESPONDER);
    }

    static OcspAnswer good(Instant thisUpdate, Duration validity) {
        return new OcspAnswer(
                new byte[0],
                Status.GOOD,
                thisUpdate,
                thisUpdate,
                thisUpdate.plus(validity),
                null,
                Set.of(CertIdHash.SHA1));
    }

    static OcspAnswer revoked(Instant thisUpdate, Duration validity) {
        return new OcspAnswer(
                new byte[0],
                Status.REVOKED,
                thisUpdate,
                thisUpdate,
                thisUpdate.plus(validity),
                thisUpdate,
                Set.of(CertIdHash.SHA1));
    }

    static OcspAnswer unknown(Instant thisUpdate, Duration validity) {
        return new OcspAnswer(
                new byte[0],
                Status.UNKNOWN,
                thisUpdate,
                thisUpdate,
                thisUpdate.plus(validity),
                null,
                Set.of(CertIdHash.SHA1));
    }
}
