package io.staplegate.app;

import io.staplegate.net.UnixHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A way to an admin endpoint. */
sealed interface AdminLink extends AutoCloseable {
    String UNIX = "unix:";

    /** What is asked. {@code target}: path and query. */
    record Question(String method, String target, Map<String, String> headers, byte[] body, Duration timeout) {}

    /**
     * What comes back.
     *
     * @param date the header, where there is one
     * @param total {@code X-Total-Count}, where it is there and a number; else 0
     */
    record Reply(int status, Optional<String> date, int total, String body) {
        static Reply of(int status, Function<String, Optional<String>> headers, String body) {
            int total = headers.apply("X-Total-Count")
                    .filter(text -> text.matches("\\d{1,9}"))
                    .map(Integer::valueOf)
                    .orElse(0);
            return new Reply(status, headers.apply("Date"), total, body);
        }
    }

    /** Sends one request. Blocks. */
    Reply ask(Question question) throws IOException, InterruptedException;

    @Override
    void close();

    /** The way to an address as the command line has it: a URL, or a path behind {@code unix:}. */
    static AdminLink to(String address, AdminTrust trust) throws CommandFailure {
        if (address.startsWith(UNIX)) {
            return new Socket(Path.of(address.substring(UNIX.length())));
        }
        try {
            URI url = URI.create(address);
            if (url.getHost() != null && "http".equalsIgnoreCase(url.getScheme())) {
                return new Web(url, client(null));
            }
            if (url.getHost() != null && "https".equalsIgnoreCase(url.getScheme())) {
                return new Web(url, client(trust));
            }
        } catch (IllegalArgumentException e) {
            // told below, with the same words
        }
        throw new CommandFailure(
                Exit.USAGE, "--admin: \"" + address + "\" is neither an http or https URL nor unix:/PATH", null);
    }

    private static HttpClient client(@Nullable AdminTrust trust) throws CommandFailure {
        HttpClient.Builder client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(5))
                .proxy(HttpClient.Builder.NO_PROXY)
                .version(HttpClient.Version.HTTP_1_1);
        if (trust != null) {
            client.sslContext(trust.context());
        }
        return client.build();
    }

    /** A URL. */
    record Web(URI base, HttpClient http) implements AdminLink {
        @Override
        public Reply ask(Question question) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(question.target()))
                    .timeout(question.timeout())
                    .method(
                            question.method(),
                            question.body().length == 0 && question.method().equals("GET")
                                    ? BodyPublishers.noBody()
                                    : BodyPublishers.ofByteArray(question.body()));
            question.headers().forEach(request::header);
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return Reply.of(response.statusCode(), response.headers()::firstValue, response.body());
        }

        @Override
        public void close() {
            http.close();
        }

        @Override
        public String toString() {
            return base.toString();
        }
    }

    /** A Unix domain socket. */
    record Socket(Path path) implements AdminLink {
        @Override
        public Reply ask(Question question) throws IOException, InterruptedException {
            UnixHttp.Reply reply = UnixHttp.exchange(
                    path,
                    question.method(),
                    question.target(),
                    question.headers(),
                    question.body(),
                    question.timeout());
            return Reply.of(
                    reply.status(),
                    name -> Optional.ofNullable(reply.headers().get(name)),
                    new String(reply.body(), StandardCharsets.UTF_8));
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return UNIX + path;
        }
    }
}
