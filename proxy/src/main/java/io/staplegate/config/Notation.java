package io.staplegate.config;

import java.util.function.Function;

/**
 * How values of one type are written.
 *
 * @param form what to write, for messages
 * @param reader reads a text that is not empty
 */
record Notation(String form, Function<String, ? extends Parsed<?>> reader) {
    Parsed<?> read(String text) {
        return text.isEmpty() ? new Parsed.Invalid<>("is empty", "write " + form) : reader.apply(text);
    }
}
