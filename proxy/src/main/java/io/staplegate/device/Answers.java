package io.staplegate.device;

import io.staplegate.config.Configuration;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.telemetry.Telemetry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** OCSP answers about certificates that are not our own. Each is fetched once, when the first asks for it. */
public final class Answers implements AutoCloseable {

    /** What is known of one certificate. */
    public sealed interface Answer {
        /** A verified response, whatever it says; {@code fetched}: just now, for this question. */
        record Signed(OcspAnswer answer, boolean fetched) implements Answer {}

        /** Its CA is none that is served. */
        record NotServed() implements Answer {}

        /** Nobody could say. */
        record NotKnown() implements Answer {}
    }

    public Answers(Configuration configuration, ResponderClient client, InstantSource clock, Telemetry telemetry) {}

    /** Answers for these CAs from now on, and for no others. */
    public void serve(List<Issuer> issuers) {
        throw new UnsupportedOperationException();
    }

    /** Whether one of the CAs that are served is the issuer that a CertID names, by all of its hashes. */
    public boolean isServed(CertId id) {
        throw new UnsupportedOperationException();
    }

    /** The answer that is at hand, which {@link #ask} would have at once; null where it would have to search. */
    public @Nullable OcspAnswer kept(CertId id) {
        throw new UnsupportedOperationException();
    }

    /**
     * What is known of a certificate. Never blocks: done at once where the answer is kept, else when it has been
     * fetched, or could not be. Safe on an event loop.
     */
    public CompletableFuture<Answer> ask(CertId id) {
        throw new UnsupportedOperationException();
    }

    /**
     * Asks the responder itself with a request as it came, nonce included; the response is verified, and not kept.
     *
     * @param request a DER OCSPRequest about {@code id} alone
     */
    public CompletableFuture<Answer> forward(CertId id, byte[] request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
