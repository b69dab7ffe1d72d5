package io.staplegate.config;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * One YAML document.
 *
 * @param lines where each path is that the document has, for example {@code listeners[0].bind}
 */
record Document(Tree root, Map<String, Lines> lines) {
    /** The first and the last line of a value, from 1. */
    record Lines(int first, int last) {}

    private static final Pattern PLAIN_KEY = Pattern.compile("[\\w-]{1,80}");

    /** The path of a key below another; a key that is no plain word is quoted. */
    static String path(String parent, String key) {
        var name = PLAIN_KEY.matcher(key).matches() ? key : Problem.quoted(key);
        return parent.isEmpty() ? name : parent + "." + name;
    }

    /** The path of a list's item, from 0. */
    static String path(String parent, int index) {
        return parent + "[" + index + "]";
    }
}
