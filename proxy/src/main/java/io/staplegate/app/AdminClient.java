package io.staplegate.app;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The admin endpoint of a running proxy, as the command line sees it. */
final class AdminClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    /** A refresh ends when its slowest responder does, and each may take {@code ocsp.timeout}. */
    private static final Duration REFRESH_TIMEOUT = Duration.ofMinutes(10);

    private final URI base;

    AdminClient(URI base) {
        this.base = base;
    }

    /** The staples view, as JSON. */
    String staples() throws CommandFailure, InterruptedException {
        return send(request("/staples", READ_TIMEOUT).GET());
    }

    /**
     * Has staples fetched, and returns their view, as JSON, when that has ended.
     *
     * @param identity null: all of them
     */
    String refresh(@Nullable String identity) throws CommandFailure, InterruptedException {
        String query = identity == null ? "" : "?identity=" + URLEncoder.encode(identity, StandardCharsets.UTF_8);
        return send(request("/refresh" + query, REFRESH_TIMEOUT).POST(HttpRequest.BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path, Duration timeout) throws CommandFailure {
        try {
            return HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, "--admin: \"" + base + "\" is not an http URL", null);
        }
    }

    private String send(HttpRequest.Builder request) throws CommandFailure, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(HttpClient.Builder.NO_PROXY)
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                String answer = response.statusCode() + " " + response.body().strip();
                throw new CommandFailure(Exit.FAILED, response.uri() + " answered " + answer, null);
            }
            return response.body();
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.FAILED,
                    "no answer from " + base + " (" + e.getClass().getSimpleName() + ")",
                    "start the proxy, or name its admin endpoint with --admin URL");
        }
    }
}
