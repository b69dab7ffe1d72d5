package io.staplegate.relay;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * One session as a line of the access log. Printable ASCII whatever a device sent: everything else is escaped.
 *
 * @param endedAt when the session ended
 * @param summary what there is to say of it
 */
record AccessLine(Instant endedAt, SessionSummary summary) {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/\\[\\]*+-]+");

    /** {@code value}: a String, a Long, a BigDecimal, or null where there is nothing to say. */
    private record Field(String name, @Nullable Object value) {}

    private List<Field> fields() {
        SessionFacts facts = summary.facts();
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("time", TIME.format(endedAt.minus(summary.duration()))));
        fields.add(new Field("listener", facts.listener()));
        fields.add(new Field("source", facts.sourceText()));
        fields.add(new Field("sni", facts.serverName()));
        fields.add(new Field("version", facts.version()));
        fields.add(new Field("suite", facts.suite()));
        fields.add(new Field("staple", facts.stapleKind()));
        fields.add(new Field("bytesFromDevice", summary.bytesFromDevice()));
        fields.add(new Field("bytesToDevice", summary.bytesToDevice()));
        fields.add(new Field("duration", BigDecimal.valueOf(summary.duration().toMillis(), 3)));
        fields.add(new Field("end", summary.end().name().toLowerCase(Locale.ROOT)));
        fields.add(new Field("device", facts.deviceName()));
        return fields;
    }

    /** {@code name=value} pairs; {@code -} where there is nothing, quotes where a value is not plain. */
    String text() {
        StringBuilder line = new StringBuilder();
        for (Field field : fields()) {
            line.append(line.isEmpty() ? "" : " ").append(field.name()).append('=');
            if (field.value() == null) {
                line.append('-');
            } else {
                appendValue(line, field.value().toString());
            }
        }
        return line.toString();
    }

    private static void appendValue(StringBuilder line, String value) {
        if (PLAIN.matcher(value).matches() && !value.equals("-")) {
            line.append(value);
            return;
        }
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c >= ' ' && c <= '~') {
                line.append(c);
            } else {
                line.append(String.format("\\u%04x", (int) c));
            }
        }
        line.append('"');
    }

    /** A JSON object; null where there is nothing. */
    String json() {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            for (Field field : fields()) {
                json.writeName(field.name());
                switch (field.value()) {
                    case null -> json.writeNull();
                    case Long number -> json.writeNumber(number);
                    case BigDecimal number -> json.writeNumber(number);
                    case Object text -> json.writeString(text.toString());
                }
            }
            json.writeEndObject();
        }
        return line.toString();
    }
}
