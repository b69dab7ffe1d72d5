package io.staplegate.app;

import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.time.Duration;

/**
 * The rows of the fault matrix: what may be wrong with a responder, from its port to the last byte of its answer. What
 * the proxy has to make of each stands in {@code fault-matrix.md}.
 */
enum Fault {
    REFUSED("connection refused", Patience.LONG, Fault::refuse),
    VANISHED("blackholed: no answer to a SYN", Patience.SHORT, Fault::vanish),
    DNS("DNS failure", Patience.LONG, Fault::askUnresolvable),
    TLS("TLS failure", Patience.LONG, Fault::askInTls),
    SILENT("accepts, and never answers", Patience.SHORT, Behaviour.silent()),
    RESET("reset before an answer", Patience.LONG, Behaviour.reset()),
    RESET_IN_BODY("reset in mid-body", Patience.LONG, Behaviour.truncated()),
    DRIP("slow drip", Patience.SHORT, Behaviour.dripping(Duration.ofMillis(20))),

    REDIRECT_LOOP("301 loop", Behaviour.redirectLoop()),
    NOT_FOUND("404", Behaviour.status(404)),
    TOO_MANY_REQUESTS("429 with Retry-After", Behaviour.retryAfter(429, Duration.ofMinutes(5))),
    SERVER_ERROR("500", Behaviour.status(500)),
    UNAVAILABLE("503", Behaviour.status(503)),
    UNAVAILABLE_FOR_LONG("503 with Retry-After of a year", Behaviour.retryAfter(503, Duration.ofDays(365))),

    HTML("HTML with status 200", Behaviour.html()),
    EMPTY("empty body", Behaviour.empty()),
    CUT_SHORT("truncated DER", ResponseVariant.CUT_SHORT),
    FLOOD("64 MiB of body", Behaviour.huge(64 * 1024 * 1024)),
    OVERSIZE("oversize: signed, with 400 certificates", ResponseVariant.OVERSIZE),

    TRY_LATER("tryLater", ResponseVariant.TRY_LATER),
    INTERNAL_ERROR("internalError", ResponseVariant.INTERNAL_ERROR),
    UNAUTHORIZED("unauthorized", ResponseVariant.UNAUTHORIZED),
    SIG_REQUIRED("sigRequired", ResponseVariant.SIG_REQUIRED),
    MALFORMED_REQUEST("malformedRequest", ResponseVariant.MALFORMED_REQUEST),

    WRONG_SERIAL("wrong serial", ResponseVariant.WRONG_SERIAL),
    WRONG_ISSUER_KEY("wrong issuer key", ResponseVariant.WRONG_ISSUER_KEY),
    WRONG_ISSUER_NAME("wrong issuer name", ResponseVariant.WRONG_ISSUER_NAME),
    WRONG_HASH("wrong hash", ResponseVariant.WRONG_HASH),

    BAD_SIGNATURE("bad signature", ResponseVariant.BAD_SIGNATURE),
    STRANGER("signed by nobody known", ResponseVariant.SIGNED_BY_STRANGER),
    DELEGATE_WITHOUT_EKU("delegate without the EKU", ResponseVariant.DELEGATED_WITHOUT_EKU),
    DELEGATE_OF_STRANGER("delegate from another CA", ResponseVariant.DELEGATED_BY_STRANGER),
    DELEGATE_EXPIRED("delegate expired", ResponseVariant.DELEGATE_EXPIRED),
    SHA1_SIGNATURE("SHA-1 signature", ResponseVariant.SHA1_SIGNATURE),

    FUTURE("thisUpdate in the future", ResponseVariant.FUTURE),
    STALE("nextUpdate past", ResponseVariant.STALE),
    CACHED("nextUpdate past, in a cache on the way", Behaviour.cachedYesterday()),
    NO_NEXT_UPDATE("no nextUpdate", ResponseVariant.NO_NEXT_UPDATE),
    OLDER("older than the cached one", ResponseVariant.OLDER),

    BY_SHA256("asked by SHA-1, answers by SHA-256", ResponseVariant.BY_SHA256),
    TWO_ENTRIES("two SingleResponses", ResponseVariant.TWO_ENTRIES),
    UNKNOWN("unknown", ResponseVariant.UNKNOWN),
    REVOKED("revoked", ResponseVariant.REVOKED),
    REVOKED_REFUSED("revoked, with `onRevoked: refuse`", Patience.LONG, Fault::refuseRevoked);

    /** Where a fault can be: at the responder, or in what the configuration says of it. */
    interface Place {
        FaultyResponder responder();

        /** Adds a line to the identity's configuration, now or at the next start. */
        void configure(String line) throws IOException;
    }

    /** What begins a fault. */
    private interface Beginning {
        void at(Place place) throws IOException;
    }

    /** How long the proxy waits for an answer: no longer than it must where none comes. */
    private enum Patience {
        SHORT(Duration.ofSeconds(1)),
        LONG(Duration.ofSeconds(10));

        private final Duration timeout;

        Patience(Duration timeout) {
            this.timeout = timeout;
        }
    }

    private final String title;
    private final Patience patience;

    @SuppressWarnings("ImmutableEnumChecker") // these lambdas capture nothing that changes
    private final Beginning beginning;

    Fault(String title, ResponseVariant variant) {
        this(title, Behaviour.responding(variant));
    }

    Fault(String title, Behaviour behaviour) {
        this(title, Patience.LONG, behaviour);
    }

    Fault(String title, Patience patience, Behaviour behaviour) {
        this(title, patience, (Place place) -> {
            var _ = place.responder().behave(behaviour);
        });
    }

    Fault(String title, Patience patience, Beginning beginning) {
        this.title = title;
        this.patience = patience;
        this.beginning = beginning;
    }

    /** As the table names it. */
    String title() {
        return title;
    }

    /** The {@code ocsp.timeout} that suits it. */
    Duration timeout() {
        return patience.timeout;
    }

    void begin(Place place) throws IOException {
        beginning.at(place);
    }

    private static void refuse(Place place) throws IOException {
        place.responder().refuse();
    }

    private static void vanish(Place place) throws IOException {
        place.responder().vanish();
    }

    /** A label of 64 characters: refused by the resolver itself, without a query. */
    private static void askUnresolvable(Place place) throws IOException {
        String label = "%064d".formatted(place.responder().port());
        place.configure("responders: [http://" + label + ".example/]");
    }

    /** It speaks plain HTTP there. */
    private static void askInTls(Place place) throws IOException {
        place.configure("responders: [https://127.0.0.1:" + place.responder().port() + "/]");
    }

    private static void refuseRevoked(Place place) throws IOException {
        var _ = place.responder().behave(ResponseVariant.REVOKED);
        place.configure("onRevoked: refuse");
    }
}
