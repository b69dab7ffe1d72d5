package io.staplegate.app;

import java.io.IOException;
import java.util.regex.Pattern;

/** Something outside the configuration that keeps the proxy from starting: a port in use, say. */
final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** How Netty's native transport begins what the system says. */
    private static final Pattern NATIVE_CALL = Pattern.compile("\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private final String path;

    /** A failure. {@code path}: the key that it is about. */
    StartFailure(String path, IOException cause) {
        super(NATIVE_CALL.matcher(CommandFailure.reason(cause)).replaceAll(""), cause);
        this.path = path;
    }

    String path() {
        return path;
    }
}
