package io.staplegate.admin.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * An HTML document that is being written. Whatever comes from outside goes through {@link #text} or {@link #with},
 * which escape it; the names of elements and attributes are constants of this room. Owned by one thread.
 */
final class Html {
    private static final Set<String> EMPTY = Set.of("meta", "link", "input", "br");

    private final StringBuilder out = new StringBuilder(1 << 16);
    private final Deque<String> open = new ArrayDeque<>();
    private boolean inTag;

    Html() {
        out.append("<!doctype html>\n");
    }

    /** Begins an element; attributes follow, then what it holds, then {@link #end}. */
    Html open(String element) {
        closeTag();
        out.append('<').append(element);
        open.push(element);
        inTag = true;
        return this;
    }

    /** The same, of a class. */
    Html open(String element, String cssClass) {
        return open(element).with("class", cssClass);
    }

    /** An attribute of the element that was just begun. */
    Html with(String attribute, String value) {
        if (!inTag) {
            throw new IllegalStateException("inTag: an attribute follows its element's begin, \"" + attribute + "\"");
        }
        out.append(' ').append(attribute).append("=\"");
        escape(value);
        out.append('"');
        return this;
    }

    Html text(String text) {
        closeTag();
        escape(text);
        return this;
    }

    /** A whole element that holds only text. */
    Html element(String element, String cssClass, String text) {
        return open(element, cssClass).text(text).end();
    }

    /** The same, without a class. */
    Html element(String element, String text) {
        return open(element).text(text).end();
    }

    /** Ends the element that was begun last and has not ended. */
    Html end() {
        String element = open.pop();
        if (EMPTY.contains(element)) {
            closeTag();
            return this;
        }
        closeTag();
        out.append("</").append(element).append('>');
        return this;
    }

    /** The whole document, all of whose elements have ended. */
    byte[] bytes() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("open.isEmpty(): " + open);
        }
        return out.append('\n').toString().getBytes(UTF_8);
    }

    private void closeTag() {
        if (inTag) {
            out.append('>');
            inTag = false;
        }
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }
}
