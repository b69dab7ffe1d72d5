package io.staplegate.app;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.staplegate.config.Printable;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/** An event's fields as text, {@code name="value"}: no value, which may be a device's, looks like another field. */
public final class TextFields extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        List<KeyValuePair> fields = event.getKeyValuePairs();
        StringBuilder text = new StringBuilder();
        if (fields != null) {
            fields.forEach(field -> text.append(' ')
                    .append(field.key)
                    .append("=\"")
                    .append(value(field))
                    .append('"'));
        }
        return text.toString();
    }

    private static String value(KeyValuePair field) {
        String value = String.valueOf(field.value);
        return Printable.line(value.replace("\\", "\\\\").replace("\"", "\\\""));
    }
}
