package io.staplegate.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, or doubtful, in a configuration.
 *
 * @param severity whether the configuration is refused because of it
 * @param path the key it is about, for example {@code identities[1].key}; empty for the file as a whole
 * @param message what is wrong: lower case, no full stop, user values quoted
 * @param hint what to do about it, or null where the message says it all
 */
public record Problem(
        Severity severity,
        String path,
        String message,
        @Nullable String hint) {
    private static final int LONGEST_QUOTE = 200;

    /** Whether a problem stops the proxy. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public static Problem error(String path, String message, @Nullable String hint) {
        return new Problem(Severity.ERROR, path, message, hint);
    }

    public static Problem warning(String path, String message, @Nullable String hint) {
        return new Problem(Severity.WARNING, path, message, hint);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** As people read it: {@code error: path: message}, and where there is a hint, {@code hint: …} on a second line. */
    public String render() {
        var subject = path.isEmpty() ? "" : path + ": ";
        var problem = severity.name().toLowerCase(Locale.ROOT) + ": " + subject + message;
        return hint == null ? problem : problem + "\nhint: " + hint;
    }

    /** A user's value in quotes, fit for a line of a terminal: control characters are escaped, and long ones cut. */
    public static String quoted(Object value) {
        var quote = new StringBuilder("\"");
        var text = value.toString();
        text.codePoints().limit(LONGEST_QUOTE).forEach(character -> Printable.append(quote, character));
        return quote.append(text.codePointCount(0, text.length()) > LONGEST_QUOTE ? "…\"" : "\"")
                .toString();
    }
}
