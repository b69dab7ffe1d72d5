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
    static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int LONGEST_QUOTE = 200;

    private final String subject;
    private final long largestBody;

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
    Failures(String what, URI url, long largestBody) {
        this.subject = what + " \"" + printable(url.toString()) + "\" ";
        this.largestBody = largestBody;
    }

    Failure notHttp() {
        return answer(Outcome.OTHER, "is no http or https URL");
    }

    Failure timeout(Duration timeout) {
        return silence(Outcome.TIMEOUT, "gave no whole answer within " + timeout.toMillis() + " ms");
    }

    Failure interrupted() {
        return answer(Outcome.INTERRUPTED, "was not asked to the end: shutting down");
    }

    Failure down() {
        return answer(Outcome.DOWN, "was not asked: it is down");
    }

    Failure empty() {
        return answer(Outcome.OTHER, "answered with an empty body");
    }

    Failure status(int status, String method, @Nullable Duration retryAfter) {
        boolean unavailable = status == TOO_MANY_REQUESTS || status == SERVICE_UNAVAILABLE;
        String text = text("answered HTTP status " + status + " to " + method);
        return new Failure(Outcome.HTTP_STATUS, text, retryAfter, unavailable);
    }

    Failure of(IOException e) {
        if (e instanceof RedirectRefused refused) {
            return answer(Outcome.REDIRECT, "redirects " + printable(refused.getMessage()));
        }
        if (isUnresolved(e)) {
            return silence(Outcome.DNS, "has a name that does not resolve");
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return silence(Outcome.REFUSED, "cannot be connected to" + because(e));
        }
        if (e instanceof SSLException) {
            return silence(Outcome.TLS, "failed in TLS" + because(e));
        }
        if (isOversize(e)) {
            return answer(Outcome.OVERSIZE, "answered with more than " + largestBody + " bytes");
        }
        return silence(Outcome.OTHER, "broke off" + because(e));
    }

    /** There was a response, or no request at all. */
    private Failure answer(Outcome outcome, String what) {
        return new Failure(outcome, text(what), null, false);
    }

    private Failure silence(Outcome outcome, String what) {
        return new Failure(outcome, text(what), null, true);
    }

    private String text(String what) {
        return subject + what;
    }

    private static boolean isUnresolved(IOException e) {
        return e instanceof UnknownHostException || e.getCause() instanceof UnresolvedAddressException;
    }

    /** The JDK says so in words only ({@code BodyHandlers.limiting}); a test holds it to them. */
    static boolean isOversize(IOException e) {
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
