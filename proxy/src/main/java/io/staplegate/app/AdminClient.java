package io.staplegate.app;

import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.staplegate.admin.ReloadReport;
import io.staplegate.staple.Imported;
import io.staplegate.staple.PortableResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The admin endpoint of a running proxy, as the command line sees it. */
final class AdminClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    /** A refresh ends when its slowest responder does, and each may take {@code ocsp.timeout}; so does a reload. */
    private static final Duration REFRESH_TIMEOUT = Duration.ofMinutes(10);

    /** The status of a reload that found the files wrong. */
    private static final int REFUSED = 422;

    /** An HTTP date has four digits for the year (RFC 9110 section 5.6.7); the time of a file may have more. */
    private static final Instant END_OF_HTTP_DATES = Instant.parse("9999-12-31T00:00:00Z");

    private final URI base;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /**
     * What was answered.
     *
     * @param time at which, by the proxy's clock, which may be right where the machine's is not; by ours where it has
     *     no date
     */
    record Dated<T>(T content, Instant time) {}

    AdminClient(URI base) {
        this.base = base;
    }

    /** The staples view, as JSON. */
    Dated<String> staples() throws CommandFailure, InterruptedException {
        return send(request("/staples", READ_TIMEOUT).GET());
    }

    /** What is known of devices, as JSON. */
    Dated<String> devices() throws CommandFailure, InterruptedException {
        return send(request("/devices", READ_TIMEOUT).GET());
    }

    /**
     * Has staples fetched, and returns their view, as JSON, when that has ended.
     *
     * @param identity null: all of them
     */
    Dated<String> refresh(@Nullable String identity) throws CommandFailure, InterruptedException {
        String query = identity == null ? "" : "?identity=" + URLEncoder.encode(identity, StandardCharsets.UTF_8);
        return send(request("/refresh" + query, REFRESH_TIMEOUT).POST(BodyPublishers.noBody()));
    }

    /** Has the files read again. Returns what came of it, when that has ended. */
    Dated<ReloadReport> reload() throws CommandFailure, InterruptedException {
        Dated<String> json = send(request("/reload", REFRESH_TIMEOUT).POST(BodyPublishers.noBody()), Set.of(REFUSED));
        return new Dated<>(read(json, ReloadReport.class, "no report of a reload"), json.time());
    }

    /**
     * Hands one response in. Returns what came of it, for each certificate that it is about.
     *
     * @param modified when its file was written; left out where HTTP cannot say it
     */
    Dated<List<Imported>> take(byte[] response, Instant modified) throws CommandFailure, InterruptedException {
        HttpRequest.Builder request = request("/import", READ_TIMEOUT)
                .header("Content-Type", "application/ocsp-response")
                .POST(BodyPublishers.ofByteArray(response));
        if (modified.isAfter(Instant.EPOCH) && modified.isBefore(END_OF_HTTP_DATES)) {
            request.header("Last-Modified", RFC_1123_DATE_TIME.format(modified.atZone(UTC)));
        }
        return rows(send(request), Imported[].class);
    }

    /** What can be carried elsewhere. */
    Dated<List<PortableResponse>> export() throws CommandFailure, InterruptedException {
        return rows(send(request("/export", READ_TIMEOUT).GET()), PortableResponse[].class);
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest.Builder request(String path, Duration timeout) throws CommandFailure {
        try {
            return HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, "--admin: \"" + base + "\" is not an http URL", null);
        }
    }

    private Dated<String> send(HttpRequest.Builder request) throws CommandFailure, InterruptedException {
        return send(request, Set.of());
    }

    /** {@code alsoGood}: statuses that are an answer, beside those of success. */
    private Dated<String> send(HttpRequest.Builder request, Set<Integer> alsoGood)
            throws CommandFailure, InterruptedException {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2 && !alsoGood.contains(response.statusCode())) {
                String answer = response.statusCode() + " " + response.body().strip();
                throw new CommandFailure(Exit.FAILED, response.uri() + " answered " + answer, null);
            }
            return new Dated<>(response.body(), date(response.headers()).orElseGet(Instant::now));
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "no answer from " + base + " (" + e.getClass().getSimpleName() + ")",
                    "start the proxy, or name its admin endpoint with --admin URL");
        }
    }

    private static Optional<Instant> date(HttpHeaders headers) {
        try {
            return headers.firstValue("Date").map(date -> RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static <T> Dated<List<T>> rows(Dated<String> json, Class<T[]> type) throws CommandFailure {
        return rows(json, type, "not what it should be");
    }

    /** Reads a list; {@code otherwise}: what an answer is that has none. */
    static <T> Dated<List<T>> rows(Dated<String> json, Class<T[]> type, String otherwise) throws CommandFailure {
        return new Dated<>(List.of(read(json, type, otherwise)), json.time());
    }

    private static <T> T read(Dated<String> json, Class<T> type, String otherwise) throws CommandFailure {
        try {
            return JsonMapper.shared().readValue(json.content(), type);
        } catch (JacksonException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "the answer is " + otherwise + " (" + e.getOriginalMessage() + ")",
                    "name the admin endpoint of a Staplegate with --admin URL");
        }
    }
}
