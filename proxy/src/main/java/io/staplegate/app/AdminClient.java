package io.staplegate.app;

import static java.time.ZoneOffset.UTC;
import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.staplegate.admin.ReloadReport;
import io.staplegate.app.AdminLink.Question;
import io.staplegate.app.AdminLink.Reply;
import io.staplegate.config.Printable;
import io.staplegate.identity.BearerToken;
import io.staplegate.staple.Imported;
import io.staplegate.staple.PortableResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The admin endpoint of a running proxy, as the command line sees it. */
final class AdminClient implements AutoCloseable {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    /** A refresh ends when its slowest responder does, and each may take {@code ocsp.timeout}; so does a reload. */
    private static final Duration REFRESH_TIMEOUT = Duration.ofMinutes(10);

    /** The status of a reload that found the files wrong. */
    private static final int REFUSED = 422;

    private static final int UNAUTHORIZED = 401;

    /** An HTTP date has four digits for the year (RFC 9110 section 5.6.7); the time of a file may have more. */
    private static final Instant END_OF_HTTP_DATES = Instant.parse("9999-12-31T00:00:00Z");

    private final AdminLink link;
    private final @Nullable BearerToken token;

    /**
     * What was answered.
     *
     * @param time at which, by the proxy's clock, which may be right where the machine's is not; by ours where it has
     *     no date
     * @param total of how many rows these are, where the proxy says so; else 0
     */
    record Dated<T>(T content, Instant time, int total) {}

    /** {@code token}: shown with each request; null: none. */
    AdminClient(AdminLink link, @Nullable BearerToken token) {
        this.link = link;
        this.token = token;
    }

    /** The staples view, as JSON. */
    Dated<String> staples() throws CommandFailure, InterruptedException {
        return get("/staples");
    }

    /** What is known of devices, as JSON. */
    Dated<String> devices() throws CommandFailure, InterruptedException {
        return get("/devices");
    }

    /**
     * Open sessions, oldest first, as JSON.
     *
     * @param listener null: of all
     */
    Dated<String> sessions(@Nullable String listener, int limit) throws CommandFailure, InterruptedException {
        String query = listener == null ? "" : "&listener=" + encoded(listener);
        return get("/sessions?limit=" + limit + query);
    }

    /** Ends a session. */
    void kill(String id) throws CommandFailure, InterruptedException {
        var _ = post("/sessions/kill?id=" + encoded(id), Set.of());
    }

    /**
     * Has staples fetched, and returns their view, as JSON, when that has ended.
     *
     * @param identity null: all of them
     */
    Dated<String> refresh(@Nullable String identity) throws CommandFailure, InterruptedException {
        String query = identity == null ? "" : "?identity=" + encoded(identity);
        return post("/refresh" + query, Set.of());
    }

    /** Has the files read again. Returns what came of it, when that has ended. */
    Dated<ReloadReport> reload() throws CommandFailure, InterruptedException {
        Dated<String> json = post("/reload", Set.of(REFUSED));
        return new Dated<>(read(json, ReloadReport.class, "no report of a reload"), json.time(), 0);
    }

    /**
     * Hands one response in. Returns what came of it, for each certificate that it is about.
     *
     * @param modified when its file was written; left out where HTTP cannot say it
     */
    Dated<List<Imported>> take(byte[] response, Instant modified) throws CommandFailure, InterruptedException {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/ocsp-response"));
        if (modified.isAfter(Instant.EPOCH) && modified.isBefore(END_OF_HTTP_DATES)) {
            headers.put("Last-Modified", RFC_1123_DATE_TIME.format(modified.atZone(UTC)));
        }
        Question question = new Question("POST", "/import", headers, response, READ_TIMEOUT);
        return rows(send(question, Set.of()), Imported[].class);
    }

    /** What can be carried elsewhere. */
    Dated<List<PortableResponse>> export() throws CommandFailure, InterruptedException {
        return rows(get("/export"), PortableResponse[].class);
    }

    @Override
    public void close() {
        link.close();
    }

    private Dated<String> get(String target) throws CommandFailure, InterruptedException {
        return send(new Question("GET", target, Map.of(), new byte[0], READ_TIMEOUT), Set.of());
    }

    /** {@code alsoGood}: statuses that are an answer, beside those of success. */
    private Dated<String> post(String target, Set<Integer> alsoGood) throws CommandFailure, InterruptedException {
        return send(new Question("POST", target, Map.of(), new byte[0], REFRESH_TIMEOUT), alsoGood);
    }

    private Dated<String> send(Question question, Set<Integer> alsoGood) throws CommandFailure, InterruptedException {
        try {
            Reply reply = link.ask(withToken(question));
            if (reply.status() == UNAUTHORIZED) {
                throw new CommandFailure(
                        Exit.FAILED,
                        link + " answered 401 " + Printable.lines(reply.body().strip()),
                        "name the file of the token with --token-file FILE, or in STAPLEGATE_ADMIN_TOKEN_FILE");
            }
            if (reply.status() / 100 != 2 && !alsoGood.contains(reply.status())) {
                String answer =
                        reply.status() + " " + Printable.lines(reply.body().strip());
                throw new CommandFailure(Exit.FAILED, link + question.target() + " answered " + answer, null);
            }
            return new Dated<>(reply.body(), date(reply.date()).orElseGet(Instant::now), reply.total());
        } catch (SSLException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "no TLS with " + link + " (" + e.getMessage() + ")",
                    "name its CA with --admin-ca FILE, and what it asks for with --admin-cert FILE --admin-key FILE");
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "no answer from " + link + " (" + e.getClass().getSimpleName() + ")",
                    "start the proxy, or name its admin endpoint with --admin URL");
        }
    }

    private Question withToken(Question question) {
        if (token == null) {
            return question;
        }
        Map<String, String> headers = new HashMap<>(question.headers());
        headers.put("Authorization", "Bearer " + token.value());
        return new Question(question.method(), question.target(), headers, question.body(), question.timeout());
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static Optional<Instant> date(Optional<String> header) {
        try {
            return header.map(date -> RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static <T> Dated<List<T>> rows(Dated<String> json, Class<T[]> type) throws CommandFailure {
        return rows(json, type, "not what it should be");
    }

    /** Reads a list; {@code otherwise}: what an answer is that has none. */
    static <T> Dated<List<T>> rows(Dated<String> json, Class<T[]> type, String otherwise) throws CommandFailure {
        return new Dated<>(List.of(read(json, type, otherwise)), json.time(), json.total());
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
