package io.staplegate.fetch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.staplegate.fetch.Download.Version;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Fetches files that are too large for memory onto the disk, so many at a time, in {@link Places} as those of
 * responders are: a server that sends a byte a second takes one of them. Safe for use by any virtual thread.
 */
public final class FileDownloads {
    /** The largest file that is taken, in bytes. */
    public static final long LARGEST = 512L * 1024 * 1024;

    /** Eight megabits a second are enough for the largest. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    /** Of a body that is not wanted, in bytes. */
    private static final long LARGEST_REFUSAL = 1024 * 1024;

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final HttpClient client;
    private final Exchange.Limits limits;
    private final Exchange.Turns turns;
    private final long largest;
    private final Places places;

    /**
     * Downloads without any under way.
     *
     * @param limits its timeout is for the beginning of an answer
     * @param largest file that is taken, in bytes
     */
    FileDownloads(HttpClient client, Exchange.Limits limits, Exchange.Turns turns, long largest, Places places) {
        this.places = places;
        this.client = client;
        this.limits = limits;
        this.turns = turns;
        this.largest = largest;
    }

    /**
     * Fetches one file. Waits for a free place, then up to {@code ocsp.timeout} for each answer to begin, and ten
     * minutes in all. Blocks.
     *
     * @param url one that can be fetched from, else the outcome is a failure
     * @param known the version that is held, which need not be sent again
     * @param target what is there is replaced; what is there after a failure is worth nothing
     */
    public FileDownload get(URI url, Version known, Path target) throws InterruptedException {
        Failures failures = new Failures("server of", url, largest);
        if (!Downloads.canFetch(url)) {
            return failed(failures.notHttp());
        }
        try (Places.Place place = places.take(ResponderClient.hostPort(url))) {
            FileDownload download = get(url, known, target, failures);
            place.answered(!(download instanceof FileDownload.Failed));
            return download;
        }
    }

    private FileDownload get(URI url, Version known, Path target, Failures failures) throws InterruptedException {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        try {
            create(target);
            Trail trail = new Trail(url);
            HttpResponse<Path> response = send(url, known, target, end);
            while (Trail.isRedirect(response)) {
                response = send(trail.follow(response), known, target, end);
            }
            return judge(response, known, failures);
        } catch (TimeoutException e) {
            return failed(failures.timeout(System.nanoTime() - end < 0 ? limits.timeout() : TIMEOUT));
        } catch (IOException e) {
            return failed(failures.of(e));
        }
    }

    /** {@code end}: of all answers, by the JVM's clock. */
    private HttpResponse<Path> send(URI url, Version known, Path target, long end)
            throws IOException, TimeoutException, InterruptedException {
        if (!turns.await()) {
            throw new IOException("shutting down");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url).GET().header("User-Agent", "staplegate");
        known.condition(request);
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<HttpResponse<Path>> response = client.sendAsync(request.build(), head -> {
            begun.complete(null);
            return body(head, target);
        });
        try {
            CompletableFuture.anyOf(begun, response).get(limits.timeout().toNanos(), NANOSECONDS);
            return response.get(end - System.nanoTime(), NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    /**
     * Fails where nothing can be written, before a server is asked. The subscriber of {@link BodyHandlers#ofFile} is
     * not to find that out: it throws a {@link NullPointerException} when the client that holds it is shut down.
     */
    private static void create(Path target) throws IOException {
        Files.newByteChannel(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                .close();
    }

    private BodySubscriber<Path> body(HttpResponse.ResponseInfo head, Path target) {
        if (head.statusCode() != OK) {
            return BodySubscribers.limiting(BodySubscribers.replacing(target), LARGEST_REFUSAL);
        }
        BodyHandler<Path> file = BodyHandlers.ofFile(
                target, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        return BodyHandlers.limiting(file, largest).apply(head);
    }

    private FileDownload judge(HttpResponse<Path> response, Version known, Failures failures) throws IOException {
        if (response.statusCode() == NOT_MODIFIED && !known.equals(Version.NONE)) {
            return new FileDownload.Unchanged();
        }
        if (response.statusCode() != OK) {
            Duration retryAfter = RetryAfter.in(response.headers(), limits.retryAfter());
            return failed(failures.status(response.statusCode(), "GET", retryAfter));
        }
        return Files.size(response.body()) == 0
                ? failed(failures.empty())
                : new FileDownload.Stored(Version.of(response.headers()), Downloads.isWhole(response));
    }

    private static FileDownload.Failed failed(Fetched.Failure failure) {
        return new FileDownload.Failed(failure.text(), failure.retryAfter());
    }
}
