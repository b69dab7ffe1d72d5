package io.staplegate.testing;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** One page in a {@link Browser}, and what the browser complains of there. */
public final class BrowserPage {
    private static final int HEIGHT = 900;

    private final Browser browser;
    private final String session;
    private final int width;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final AtomicInteger loads = new AtomicInteger();

    BrowserPage(Browser browser, String session, int width, boolean dark) {
        this.browser = browser;
        this.session = session;
        this.width = width;
        browser.listen(this::take);
        List.of("Page", "Runtime", "Log").forEach(domain -> send(domain + ".enable", Map.of()));
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", width < 500));
        send(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** From now on the page's scripts do not run. */
    public BrowserPage withoutScripts() {
        send("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        return this;
    }

    /** Loads a page, and waits until it is complete. */
    public BrowserPage load(String url) {
        int before = loads.get();
        send("Page.navigate", Map.of("url", url));
        await().atMost(30, SECONDS).until(() -> loads.get() > before);
        return this;
    }

    /** What an expression of JavaScript, or the promise that it makes, comes to. */
    public JsonNode evaluate(String expression) {
        JsonNode result =
                send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        assertThat(result.has("exceptionDetails")).as(result.toString()).isFalse();
        JsonNode value = result.get("result").get("value");
        return value == null ? result.get("result") : value;
    }

    /** The text that a person sees in the first element that a selector finds. */
    public String text(String selector) {
        return evaluate("document.querySelector('" + selector + "').innerText").asString();
    }

    /** Waits until a text is seen somewhere. */
    public void awaitText(String text) {
        await().atMost(30, SECONDS).untilAsserted(() -> assertThat(text("body")).contains(text));
    }

    /** Presses a key as a person does, once. */
    public void press(String key) {
        for (String type : List.of("keyDown", "keyUp")) {
            send("Input.dispatchKeyEvent", Map.of("type", type, "key", key, "code", key, "windowsVirtualKeyCode", 9));
        }
    }

    /** Types a text into what has the focus. */
    public void type(String text) {
        send("Input.insertText", Map.of("text", text));
    }

    /** Errors, refusals by the content security policy and dialogs, since the page was opened. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** By how many CSS pixels the page is wider than its window. */
    public int overflow() {
        return evaluate("document.documentElement.scrollWidth").asInt() - width;
    }

    /** What axe-core finds wrong with the page for people who see, hear or move otherwise: empty where nothing is. */
    public String accessibilityViolations() {
        evaluate(axe() + "; true");
        return evaluate("""
                axe.run(document, {resultTypes: ['violations', 'incomplete']}).then(found =>
                    found.violations.map(v => v.id + ': ' + v.help + ': '
                        + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.failureSummary).join('; '))
                    .join('\\n'))""").asString();
    }

    /** Keeps a picture of the whole page. */
    public void shoot(Path file) throws IOException {
        JsonNode size = send("Page.getLayoutMetrics", Map.of()).get("cssContentSize");
        int height = Math.min(size.get("height").asInt(), 6_000);
        JsonNode shot = send(
                "Page.captureScreenshot",
                Map.of(
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)));
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, Base64.getDecoder().decode(shot.get("data").asString()));
    }

    private JsonNode send(String method, Map<String, Object> parameters) {
        return browser.send(session, method, parameters);
    }

    private void take(Browser.Event event) {
        if (!event.session().equals(session)) {
            return;
        }
        JsonNode parameters = event.parameters();
        switch (event.method()) {
            case "Page.loadEventFired" -> loads.incrementAndGet();
            case "Page.javascriptDialogOpening", "Runtime.exceptionThrown" ->
                complaints.add(event.method() + " " + parameters);
            case "Log.entryAdded" -> {
                if (parameters.get("entry").get("level").asString().equals("error")) {
                    complaints.add(parameters.get("entry").get("text").asString());
                }
            }
            case "Runtime.consoleAPICalled" -> {
                if (parameters.get("type").asString().equals("error")) {
                    complaints.add(parameters.get("args").toString());
                }
            }
            default -> {}
        }
    }

    private static String axe() {
        try (InputStream script = BrowserPage.class.getResourceAsStream("/axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
