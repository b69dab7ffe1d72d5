package io.staplegate.config;

import java.util.Map;

/**
 * One YAML document.
 *
 * @param lines the line, from 1, of each path that the document has, for example {@code listeners[0].bind}
 */
record Document(Tree root, Map<String, Integer> lines) {
    /** The path of a key below another; a key that is no plain word is quoted. */
    static String path(String parent, String key) {
        var name = key.matches("[\\w-]{1,80}") ? key : Problem.quoted(key);
        return parent.isEmpty() ? name : parent + "." + name;
    }

    /** The path of a list's item, from 0. */
    static String path(String parent, int index) {
        return parent + "[" + index + "]";
    }
}
