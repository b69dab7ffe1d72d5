package io.staplegate.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Chromium without a window, driven by its DevTools protocol over a WebSocket of the JDK: that is all it takes, and no
 * driver has to fit the browser's version. Killed when the test ends.
 */
public final class Browser implements AutoCloseable {
    private static final Pattern ENDPOINT = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final long ANSWER_SECONDS = 60;
    static final JsonMapper JSON = new JsonMapper();

    private final RunningProgram program;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();

    /** What the browser tells of one page. */
    record Event(String session, String method, JsonNode parameters) {}

    private Browser(RunningProgram program) {
        this.program = program;
        URI endpoint = URI.create(program.awaitOutput(ENDPOINT).group(1));
        this.socket =
                client.newWebSocketBuilder().buildAsync(endpoint, new Reader()).join();
    }

    /** Starts it; where there is no Chromium, the test ends here. {@code folder}: for its profile. */
    public static Browser start(Path folder) throws IOException {
        return new Browser(ExternalProgram.named("chromium")
                .start(
                        "--headless=new",
                        "--no-sandbox", // of no use to root, which tests may be
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder,
                        "about:blank"));
    }

    /** An empty page, as wide as that in CSS pixels. {@code dark}: what its user prefers. */
    public BrowserPage open(int width, boolean dark) {
        String target = send("", "Target.createTarget", Map.of("url", "about:blank"))
                .get("targetId")
                .asString();
        String session = send("", "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .asString();
        return new BrowserPage(this, session, width, dark);
    }

    /** Sends a command, and waits for its result; {@code session}: empty for the browser itself. */
    JsonNode send(String session, String method, Map<String, Object> parameters) {
        int id = lastId.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        Map<String, Object> command = session.isEmpty()
                ? Map.of("id", id, "method", method, "params", parameters)
                : Map.of("id", id, "method", method, "params", parameters, "sessionId", session);
        synchronized (socket) {
            socket.sendText(JSON.writeValueAsString(command), true).join();
        }
        try {
            JsonNode message = answer.get(ANSWER_SECONDS, SECONDS);
            if (message.has("error")) {
                throw new IllegalStateException(method + ": " + message.get("error"));
            }
            return message.get("result");
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(method + " was not answered", e);
        }
    }

    void listen(Consumer<Event> listener) {
        listeners.add(listener);
    }

    /** Waits for its end, so that its profile can be deleted. */
    @Override
    public void close() {
        try {
            send("", "Browser.close", Map.of());
            var _ = program.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            program.close();
            socket.abort();
            client.shutdownNow();
        }
    }

    private void take(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> answer =
                    waiting.remove(message.get("id").asInt());
            if (answer != null) {
                answer.complete(message);
            }
            return;
        }
        JsonNode session = message.get("sessionId");
        Event event = new Event(
                session == null ? "" : session.asString(), message.get("method").asString(), message.get("params"));
        listeners.forEach(listener -> listener.accept(event));
    }

    /** Puts the parts of each message together. */
    private final class Reader implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                JsonNode whole = JSON.readTree(message.toString());
                message.setLength(0);
                take(whole);
            }
            from.request(1);
            return null;
        }
    }
}
