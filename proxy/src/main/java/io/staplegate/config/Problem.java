package io.staplegate.config;

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
}
