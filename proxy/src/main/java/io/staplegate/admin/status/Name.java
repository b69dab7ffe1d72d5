package io.staplegate.admin.status;

import java.util.PrimitiveIterator;

/**
 * A name that others chose, on a page: cut in the middle where it is long, what controls a terminal or the direction of
 * writing made visible, and isolated from the text around it.
 */
final class Name {
    /** In code points. */
    private static final int LONGEST = 64;

    private static final int LONGEST_IN_FULL = 512;
    private static final int LONGEST_QUOTE = 240;
    private static final int TAIL = 20;

    private Name() {}

    /** Writes it for a row. */
    static void write(Html html, String name) {
        html.element("bdi", cut(name, LONGEST));
    }

    /** Writes it where there is room: 512 characters of it. {@code /staples} has the whole. */
    static void writeInFull(Html html, String name) {
        html.element("bdi", cut(name, LONGEST_IN_FULL));
    }

    /** Writes what somebody said, where that may be long: 240 characters of it. */
    static void writeQuote(Html html, String quote) {
        html.element("bdi", cut(quote, LONGEST_QUOTE));
    }

    /** As text, for places that know no elements. */
    static String plain(String name) {
        return cut(name, LONGEST);
    }

    /** The same, isolated by characters where an element cannot stand. */
    static String isolated(String name) {
        return "\u2068" + plain(name) + "\u2069";
    }

    /** The head and the tail of a long one: both ends of a name tell more than its middle. */
    private static String cut(String name, int longest) {
        int length = name.codePointCount(0, name.length());
        if (length <= longest) {
            return visible(name);
        }
        int head = name.offsetByCodePoints(0, longest - TAIL - 1);
        int tail = name.offsetByCodePoints(name.length(), -TAIL);
        return visible(name.substring(0, head)) + "…" + visible(name.substring(tail));
    }

    private static String visible(String name) {
        StringBuilder text = new StringBuilder(name.length());
        for (PrimitiveIterator.OfInt codes = name.codePoints().iterator(); codes.hasNext(); ) {
            int code = codes.nextInt();
            if (isTrick(code)) {
                text.append(String.format("⟨U+%04X⟩", code));
            } else {
                text.appendCodePoint(code);
            }
        }
        return text.toString();
    }

    /** Controls, lone surrogates, and what turns or hides text; not the joiners that Persian and Hindi need. */
    private static boolean isTrick(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            case Character.FORMAT -> code != 0x200C && code != 0x200D;
            default -> false;
        };
    }
}
