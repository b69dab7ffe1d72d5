package io.staplegate.config;

import java.util.stream.Collectors;

/** Text fit for a terminal, wherever it is from: what moves a cursor, turns a direction or ends a line is escaped. */
public final class Printable {
    private Printable() {}

    /** One line of it. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(character -> append(line, character));
        return line.toString();
    }

    /** The lines of a text, each for itself. */
    public static String lines(String text) {
        return text.lines().map(Printable::line).collect(Collectors.joining("\n"));
    }

    static void append(StringBuilder text, int character) {
        switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> text.append("\\u{%x}".formatted(character));
            default -> text.appendCodePoint(character);
        }
    }
}
