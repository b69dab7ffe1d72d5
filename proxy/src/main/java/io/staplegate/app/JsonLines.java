package io.staplegate.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.ByteArrayOutputStream;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * Log events as JSON: an object a line, in ASCII. First {@code time} (RFC 3339, UTC), {@code level}, {@code logger} and
 * {@code event}, then the event's own fields, then {@code trace} where there is an exception.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    /** In characters: a value may come from a device. */
    static final int LONGEST_VALUE = 8000;

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final byte[] NOTHING = {};

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line, JsonEncoding.UTF8)) {
            json.writeStartObject();
            json.writeStringProperty("time", TIME.format(event.getInstant()));
            json.writeStringProperty("level", event.getLevel().toString());
            json.writeStringProperty("logger", simpleName(event.getLoggerName()));
            json.writeStringProperty("event", cut(event.getFormattedMessage()));
            List<KeyValuePair> fields = event.getKeyValuePairs();
            if (fields != null) {
                fields.forEach(field -> write(json, field.key, field.value));
            }
            IThrowableProxy exception = event.getThrowableProxy();
            if (exception != null) {
                json.writeStringProperty("trace", cut(ThrowableProxyUtil.asString(exception)));
            }
            json.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    private static void write(JsonGenerator json, String name, @Nullable Object value) {
        json.writeName(name);
        switch (value) {
            case null -> json.writeNull();
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Boolean truth -> json.writeBoolean(truth);
            default -> json.writeString(cut(value.toString()));
        }
    }

    private static String simpleName(String logger) {
        return logger.substring(logger.lastIndexOf('.') + 1);
    }

    private static String cut(String value) {
        return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE);
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
