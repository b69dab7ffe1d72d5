package io.staplegate.identity;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code pkcs11:} URI (RFC 7512): which token and which key, and how to reach them.
 *
 * @param path attributes such as {@code token} and {@code object}, decoded
 * @param modulePath the module's library
 * @param pinSource the file that holds the PIN
 * @param pinValue the PIN itself: never printed
 * @param display the URI without its query, for messages
 */
record TokenUri(
        Map<String, String> path,
        @Nullable Path modulePath,
        @Nullable Path pinSource,
        @Nullable String pinValue,
        String display) {
    private static final String SCHEME = "pkcs11:";

    /**
     * Parses a URI.
     *
     * @throws IllegalArgumentException if it is not of RFC 7512's form; the message says what is wrong, without the PIN
     */
    static TokenUri parse(String written) {
        if (!written.startsWith(SCHEME)) {
            throw new IllegalArgumentException("it does not start with \"pkcs11:\"");
        }
        int question = written.indexOf('?');
        String display = question < 0 ? written : written.substring(0, question);
        Map<String, String> path = attributes(display.substring(SCHEME.length()), ";");
        Map<String, String> query = attributes(question < 0 ? "" : written.substring(question + 1), "&");
        return new TokenUri(
                path,
                absolutePath(query, "module-path"),
                absolutePath(query, "pin-source"),
                query.get("pin-value"),
                display);
    }

    /** An attribute of the path; null where the URI leaves it open. */
    @Nullable
    String attribute(String name) {
        return path.get(name);
    }

    @Override
    public String toString() {
        return display;
    }

    private static Map<String, String> attributes(String text, String separator) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String attribute : text.split(separator, -1)) {
            if (attribute.isEmpty()) {
                continue;
            }
            int equals = attribute.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("an attribute is not of the form name=value");
            }
            String name = attribute.substring(0, equals);
            if (attributes.put(name, decode(name, attribute.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("\"" + name + "\" is there twice");
            }
        }
        return attributes;
    }

    /** Percent-decoding as in RFC 3986, where a plus is a plus. */
    private static String decode(String name, String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + name + "\" is not percent-encoded properly", e);
        }
    }

    private static @Nullable Path absolutePath(Map<String, String> query, String name) {
        String value = query.get(name);
        if (value == null) {
            return null;
        }
        Path path = Path.of(value.startsWith("file:") ? value.substring("file:".length()) : value);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("\"" + name + "\" is not an absolute path");
        }
        return path.normalize();
    }
}
