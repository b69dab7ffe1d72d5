package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A log event as JSON. */
final class JsonLinesTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

    @Test
    void anEventIsOneLineWithItsFields() {
        JsonNode line = read(
                null,
                new KeyValuePair("file", Path.of("/etc/staplegate")),
                new KeyValuePair("sessions", 7),
                new KeyValuePair("bytes", 1L << 40),
                new KeyValuePair("timeout", Duration.ofSeconds(10)),
                new KeyValuePair("reason", null));

        assertThat(line)
                .hasToString("{\"time\":\"2026-01-02T03:04:05.678Z\",\"level\":\"WARN\",\"logger\":\"Source\","
                        + "\"event\":\"what happened\",\"file\":\"/etc/staplegate\",\"sessions\":7,"
                        + "\"bytes\":1099511627776,\"timeout\":\"PT10S\",\"reason\":null}");
    }

    @Test
    void nothingThatADeviceSendsForgesALineOrFillsTheDisk() {
        String hostile = "a\n{\"level\":\"ERROR\"}\u2028\u202e\u0000" + "x".repeat(100_000);

        JsonNode line = read(null, new KeyValuePair("device", hostile));

        assertThat(line.get("device").asString()).isEqualTo(hostile.substring(0, JsonLines.LONGEST_VALUE));
    }

    @Test
    void anExceptionHasItsTrace() {
        JsonNode line = read(new IllegalStateException("no\nway"));

        assertThat(line.get("trace").asString())
                .startsWith("java.lang.IllegalStateException: no\nway")
                .contains("at ");
    }

    private static JsonNode read(@Nullable Throwable exception, KeyValuePair... fields) {
        LoggingEvent event = new LoggingEvent(
                "", new LoggerContext().getLogger("a.b.Source"), Level.WARN, "what happened", exception, null);
        event.setInstant(TIME);
        event.setKeyValuePairs(List.of(fields));
        String line = new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
        assertThat(line).matches("[ -~]+\n");
        return JsonMapper.shared().readTree(line);
    }
}
