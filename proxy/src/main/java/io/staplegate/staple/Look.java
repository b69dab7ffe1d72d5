package io.staplegate.staple;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One look for a newer answer.
 *
 * @param target whom it asks, and about what
 * @param responder the one that it is expected to ask first; null: nobody
 * @param evenIfDown whether it asks also those whose circuit is open
 * @param aside whether the certificate does not depend on it: an answer counts, nothing else
 * @param ended done when it has ended, well or not
 */
record Look(
        TrackedCertificate certificate,
        StapleTarget target,
        @Nullable URI responder,
        boolean evenIfDown,
        boolean aside,
        CompletableFuture<Void> ended) {

    /** Its time has come. */
    static Look due(TrackedCertificate certificate, URI responder) {
        return new Look(certificate, certificate.target(), responder, false, false, new CompletableFuture<>());
    }

    /** Finds out whether a responder is back; {@code hasAnother}: that is not needed for the certificate's sake. */
    static Look probe(TrackedCertificate certificate, URI responder, boolean hasAnother) {
        StapleTarget target = certificate.target();
        StapleTarget asked = hasAnother ? target.only(responder) : target;
        return new Look(certificate, asked, responder, false, hasAnother, new CompletableFuture<>());
    }

    /** An operator wants it. */
    static Look wanted(TrackedCertificate certificate) {
        StapleTarget target = certificate.target();
        return new Look(certificate, target, target.firstAsked().orElse(null), true, false, new CompletableFuture<>());
    }
}
