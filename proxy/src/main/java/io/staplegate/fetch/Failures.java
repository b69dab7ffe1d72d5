package io.staplegate.fetch;

import io.staplegate.fetch.Fetched.Failure;
import io.staplegate.fetch.Fetched.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words, and in one word, why a responder gave no answer. */
final class Failures {
    private static final int LONGEST_QUOTE = 200;

    private final String subject;
    private final int largestBody;

    /** Of a responder. */
    Failures(URI responder) {
        this("responder", responder, Exchange.LARGEST_BODY);
    }

    /**
     * Of another server.
     *
     * @param what it is for people
     * @param largestBody that is taken from it, in bytes
     */
    Failures(String what, URI url, int largestBody) {
        this.subject = what + " \"" + printable(url.toString()) + "\" ";
        this.largestBody = largestBody;
    }

    Failure notHttp() {
        return failure(Outcome.OTHER, "is no http or https URL");
    }

    Failure timeout(Duration timeout) {
        return failure(Outcome.TIMEOUT, "gave no whole answer within " + timeout.toMillis() + " ms");
    }

    Failure interrupted() {
        return failure(Outcome.INTERRUPTED, "was not asked to the end: shutting down");
    }

    Failure down() {
        return failure(Outcome.DOWN, "was not asked: it is down");
    }

    Failure empty() {
        return failure(Outcome.OTHER, "answered with an empty body");
    }

    Failure status(int status, String method, @Nullable Duration retryAfter) {
        return new Failure(Outcome.HTTP_STATUS, text("answered HTTP status " + status + " to " + method), retryAfter);
    }

    Failure of(IOException e) {
        if (e instanceof RedirectRefused refused) {
            return failure(Outcome.REDIRECT, "redirects " + printable(refused.getMessage()));
        }
        if (isUnresolved(e)) {
            return failure(Outcome.DNS, "has a name that does not resolve");
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return failure(Outcome.REFUSED, "cannot be connected to" + because(e));
        }
        if (e instanceof SSLException) {
            return failure(Outcome.TLS, "failed in TLS" + because(e));
        }
        if (isOversize(e)) {
            return failure(Outcome.OVERSIZE, "answered with more than " + largestBody + " bytes");
        }
        return failure(Outcome.OTHER, "broke off" + because(e));
    }

    private Failure failure(Outcome outcome, String what) {
        return new Failure(outcome, text(what), null);
    }

    private String text(String what) {
        return subject + what;
    }

    private static boolean isUnresolved(IOException e) {
        return e instanceof UnknownHostException || e.getCause() instanceof UnresolvedAddressException;
    }

    /** The JDK says so in words only ({@code BodyHandlers.limiting}); a test holds it to them. */
    private static boolean isOversize(IOException e) {
        return String.valueOf(e.getMessage()).startsWith("body exceeds capacity");
    }

    private static String because(IOException e) {
        return e.getMessage() == null ? "" : " (" + printable(e.getMessage()) + ")";
    }

    /** What comes from outside is neither long nor more than one line. */
    private static String printable(@Nullable String text) {
        String line = String.valueOf(text).replaceAll("\\p{C}", "?");
        return line.length() <= LONGEST_QUOTE ? line : line.substring(0, LONGEST_QUOTE) + "…";
    }
}
