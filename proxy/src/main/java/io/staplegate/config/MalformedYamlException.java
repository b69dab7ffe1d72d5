package io.staplegate.config;

import org.jspecify.annotations.Nullable;

/** The text is no YAML, or YAML that no configuration needs: nothing can be made of it. */
final class MalformedYamlException extends Exception {
    private static final long serialVersionUID = 1;

    private final @Nullable String hint;

    /**
     * A fault at a place.
     *
     * @param line from 1
     */
    MalformedYamlException(int line, String message, @Nullable String hint) {
        super("line " + line + ": " + message);
        this.hint = hint;
    }

    Problem problem() {
        return Problem.error("", String.valueOf(getMessage()), hint);
    }
}
