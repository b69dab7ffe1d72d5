package io.staplegate.mirror;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspRefusal;
import org.jspecify.annotations.Nullable;

/** What one HTTP request asks (RFC 6960 appendix A.1). */
sealed interface Question {
    /**
     * For the status of a certificate.
     *
     * @param nonce whether the request has one
     * @param request as it came, in DER
     */
    record Status(CertId certId, boolean nonce, byte[] request) implements Question {}

    /**
     * For a revocation list.
     *
     * @param host that the client thinks it asks; null where it does not say
     * @param path of the list's URL, decoded
     * @param query of the list's URL, as it is written; empty where there is none
     * @param otherwise the answer where no list is there: it may be a spoiled OCSP request; null: it is none
     */
    record RevocationList(
            @Nullable String host,
            String path,
            String query,
            @Nullable OcspRefusal otherwise) implements Question {}

    /** Nothing that OCSP knows. */
    record Refused(OcspRefusal answer) implements Question {}

    /** Nothing that HTTP knows. */
    record Faulty(HttpResponseStatus status) implements Question {}
}
