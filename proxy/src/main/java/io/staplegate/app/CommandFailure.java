package io.staplegate.app;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The expected end of a command that could not do its work: what the user reads, and the exit code. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final int exit;
    private final @Nullable String hint;

    /**
     * A failure.
     *
     * @param message subject first, lower case, no full stop, user values quoted
     * @param hint what to do about it, or null where the message says it all
     */
    public CommandFailure(int exit, String message, @Nullable String hint) {
        super(message);
        this.exit = exit;
        this.hint = hint;
    }

    int exit() {
        return exit;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    @Nullable
    String hint() {
        return hint;
    }

    /** What a person needs to know of a file that could not be read or written. */
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            default -> Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        };
    }
}
