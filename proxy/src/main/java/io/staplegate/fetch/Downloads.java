package io.staplegate.fetch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.staplegate.fetch.Download.Version;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;

/** Fetches files that are larger than an OCSP response, a few at a time. Safe for use by any virtual thread. */
public final class Downloads {
    /** The largest file that is taken, in bytes. */
    public static final int LARGEST = 32 * 1024 * 1024;

    /** Each may take twice its size in memory. */
    private static final int AT_A_TIME = 2;

    /** A megabit a second is enough for the largest. */
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final HttpClient client;
    private final Exchange.Limits limits;
    private final Exchange.Turns turns;
    private final Semaphore places = new Semaphore(AT_A_TIME, true);

    /** {@code limits}: its timeout is for the beginning of an answer. */
    Downloads(HttpClient client, Exchange.Limits limits, Exchange.Turns turns) {
        this.client = client;
        this.limits = limits;
        this.turns = turns;
    }

    /** Whether a URL is one to fetch from: http or https, with a host. */
    public static boolean canFetch(URI url) {
        return ResponderClient.isHttp(url);
    }

    /**
     * Fetches one file. Waits for a free place, then up to {@code ocsp.timeout} for each answer to begin, and five
     * minutes in all. Blocks.
     *
     * @param url one that can be fetched from, else the outcome is a failure
     * @param known the version that need not be sent again
     */
    public Download get(URI url, Version known) throws InterruptedException {
        Failures failures = new Failures("server of", url, LARGEST);
        if (!canFetch(url)) {
            return failed(failures.notHttp());
        }
        places.acquire();
        long end = System.nanoTime() + TIMEOUT.toNanos();
        try {
            Trail trail = new Trail(url);
            HttpResponse<byte[]> response = send(url, known, end);
            while (Trail.isRedirect(response)) {
                response = send(trail.follow(response), known, end);
            }
            return judge(response, known, failures);
        } catch (TimeoutException e) {
            return failed(failures.timeout(System.nanoTime() - end < 0 ? limits.timeout() : TIMEOUT));
        } catch (Oversize e) {
            return new Download.TooLarge(failures.of(e).text(), e.version());
        } catch (IOException e) {
            return failed(failures.of(e));
        } finally {
            places.release();
        }
    }

    /** {@code end}: of all answers, by the JVM's clock. */
    private HttpResponse<byte[]> send(URI url, Version known, long end)
            throws IOException, TimeoutException, InterruptedException {
        if (!turns.await()) {
            throw new IOException("shutting down");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url).GET().header("User-Agent", "staplegate");
        known.condition(request);
        CompletableFuture<ResponseInfo> begun = new CompletableFuture<>();
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request.build(), head -> {
            begun.complete(head);
            return body(head);
        });
        try {
            CompletableFuture.anyOf(begun, response).get(limits.timeout().toNanos(), NANOSECONDS);
            return response.get(end - System.nanoTime(), NANOSECONDS);
        } catch (ExecutionException e) {
            IOException cause = e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            throw Failures.isOversize(cause) ? new Oversize(cause, version(begun.join())) : cause;
        } finally {
            response.cancel(true);
        }
    }

    /** Ends at the first byte of a body that is announced as too large, else at the first byte too many. */
    private static BodySubscriber<byte[]> body(ResponseInfo head) {
        boolean fits = head.headers().firstValueAsLong("Content-Length").orElse(0) <= LARGEST;
        return BodySubscribers.limiting(BodySubscribers.ofByteArray(), fits ? LARGEST : 0);
    }

    private static Version version(ResponseInfo head) {
        return head.statusCode() == OK ? Version.of(head.headers()) : Version.NONE;
    }

    private Download judge(HttpResponse<byte[]> response, Version known, Failures failures) {
        if (response.statusCode() == NOT_MODIFIED && !known.equals(Version.NONE)) {
            return new Download.Unchanged();
        }
        if (response.statusCode() != OK) {
            Duration retryAfter = RetryAfter.in(response.headers(), limits.retryAfter());
            return failed(failures.status(response.statusCode(), "GET", retryAfter));
        }
        return response.body().length == 0
                ? failed(failures.empty())
                : new Download.Content(response.body(), Version.of(response.headers()), isWhole(response));
    }

    /** Whether the end of an answer is known by more than the end of its connection. */
    static boolean isWhole(HttpResponse<?> response) {
        Map<String, List<String>> headers = response.headers().map();
        return response.version() != HttpClient.Version.HTTP_1_1
                || headers.containsKey("Content-Length")
                || headers.containsKey("Transfer-Encoding");
    }

    private static Download.Failed failed(Fetched.Failure failure) {
        return new Download.Failed(failure.text(), failure.retryAfter());
    }
}
