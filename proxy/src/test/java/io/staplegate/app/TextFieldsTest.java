package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.LoggingEvent;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

final class TextFieldsTest {
    @Test
    void aValueCannotBeTakenForAnotherField() {
        assertThat(text("device", "x\" serial=\"1\\")).isEqualTo(" device=\"x\\\" serial=\\\"1\\\\\"");
    }

    @Test
    void whatATerminalWouldObeyIsEscaped() {
        assertThat(text("reason", "a\r\nb\u001b[31m\u009b2J\u202e\u2028"))
                .isEqualTo(" reason=\"a\\u{d}\\u{a}b\\u{1b}[31m\\u{9b}2J\\u{202e}\\u{2028}\"");
    }

    @Test
    void lettersOfAllLanguagesStay() {
        assertThat(text("subject", "CN=Zähler, O=שער")).isEqualTo(" subject=\"CN=Zähler, O=שער\"");
    }

    private static String text(String name, String value) {
        LoggingEvent event = new LoggingEvent();
        event.addKeyValuePair(new KeyValuePair(name, value));
        return new TextFields().convert(event);
    }
}
