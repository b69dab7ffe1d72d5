package io.staplegate.config;

import java.nio.file.Path;
import java.util.function.BiFunction;

/**
 * How values of one type are written.
 *
 * @param form what to write, for messages
 * @param reader reads a text that is not empty, with the folder that relative file names start from
 */
record Notation(String form, BiFunction<String, Path, ? extends Parsed<?>> reader) {
    Parsed<?> read(String text, Path folder) {
        return text.isEmpty() ? new Parsed.Invalid<>("is empty", "write " + form) : reader.apply(text, folder);
    }
}
