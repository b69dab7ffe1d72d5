package io.staplegate.fetch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.github.benmanes.caffeine.cache.Cache;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * One exchange with one responder: at most two tries, each with its redirects, under one deadline that also ends a body
 * that drips; each request waits for its turn. Used once, by one thread.
 */
final class Exchange {
    static final int LARGEST_BODY = 64 * 1024;

    /** How long an exchange may take, and the longest wait that a responder may ask for. */
    record Limits(Duration timeout, Duration retryAfter) {}

    /** Keeps requests at the configured rate. */
    @FunctionalInterface
    interface Turns {
        /** Waits until one more request may go out; false: none may any more. */
        boolean await() throws InterruptedException;
    }

    private final HttpClient client;
    private final URI responder;
    private final byte[] request;
    private final boolean pastCaches;
    private final Limits limits;
    private final Turns turns;
    private final Failures failures;
    /** By {@link System#nanoTime}. */
    private long end;

    /** {@code turns}: of all requests but the first, whose turn it is. */
    Exchange(HttpClient client, URI responder, byte[] request, boolean pastCaches, Limits limits, Turns turns) {
        this.client = client;
        this.responder = responder;
        this.request = request;
        this.pastCaches = pastCaches;
        this.limits = limits;
        this.turns = turns;
        this.end = System.nanoTime() + limits.timeout.toNanos();
        this.failures = new Failures(responder);
    }

    /**
     * Asks, and asks the other way where the first is refused.
     *
     * @param knownWays what worked for responders that refused the way of R18; kept up to date
     */
    Fetched run(Cache<URI, Way> knownWays) throws InterruptedException {
        try {
            Way way = Objects.requireNonNullElseGet(
                    knownWays.getIfPresent(responder), () -> Way.forRequest(responder, request));
            HttpResponse<byte[]> response = ask(way);
            if (refusesTheWay(response)) {
                way = way.other();
                awaitTurn();
                response = ask(way);
                if (isSuccess(response)) {
                    knownWays.put(responder, way);
                }
            }
            return judge(response, way != Way.forRequest(responder, request));
        } catch (TimeoutException e) {
            return failures.timeout(limits.timeout);
        } catch (IOException e) {
            return failures.of(e);
        }
    }

    /** The response at the end of all redirects. A body goes along with each of them but 303 (RFC 9110 §15.4). */
    private HttpResponse<byte[]> ask(Way way) throws IOException, TimeoutException, InterruptedException {
        HttpRequest next = inForce(way.request(responder, request));
        Trail trail = new Trail(next.uri());
        while (true) {
            HttpResponse<byte[]> response = send(next);
            if (!Trail.isRedirect(response)) {
                return response;
            }
            URI target = trail.follow(response);
            awaitTurn();
            boolean withBody = way == Way.POST && response.statusCode() != Trail.SEE_OTHER;
            next = inForce(withBody ? Way.post(target, request) : Way.get(target));
        }
    }

    /** A wait of our own making takes nothing from the time that the responder has. */
    private void awaitTurn() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        if (!turns.await()) {
            throw new IOException("shutting down");
        }
        end += System.nanoTime() - begun;
    }

    private HttpRequest inForce(HttpRequest next) {
        return !pastCaches
                ? next
                : HttpRequest.newBuilder(next, (name, value) -> true)
                        .header("Cache-Control", "no-cache")
                        .build();
    }

    private HttpResponse<byte[]> send(HttpRequest next) throws IOException, TimeoutException, InterruptedException {
        long left = end - System.nanoTime();
        CompletableFuture<HttpResponse<byte[]>> response =
                client.sendAsync(next, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_BODY));
        try {
            return response.get(left, NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private Fetched judge(HttpResponse<byte[]> response, boolean otherMethod) {
        if (!isSuccess(response)) {
            return failures.status(
                    response.statusCode(),
                    response.request().method(),
                    RetryAfter.in(response.headers(), limits.retryAfter));
        }
        return response.body().length == 0
                ? failures.empty()
                : new Fetched.Body(response.body(), otherMethod, RetryAfter.date(response.headers()));
    }

    private static boolean isSuccess(HttpResponse<?> response) {
        return response.statusCode() / 100 == 2;
    }

    /** All of 4xx but "too many requests", where a second one at once would be an affront. */
    private static boolean refusesTheWay(HttpResponse<?> response) {
        return response.statusCode() / 100 == 4 && response.statusCode() != Failures.TOO_MANY_REQUESTS;
    }
}
