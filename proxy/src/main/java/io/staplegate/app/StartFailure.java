package io.staplegate.app;

/** Something outside the configuration that keeps the proxy from starting: a port in use, say. */
final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final String path;

    /** A failure. {@code path}: the key that it is about. */
    StartFailure(String path, Exception cause) {
        super(cause.getMessage(), cause);
        this.path = path;
    }

    String path() {
        return path;
    }
}
