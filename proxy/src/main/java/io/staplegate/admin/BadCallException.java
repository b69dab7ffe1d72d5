package io.staplegate.admin;

/** A request that its page cannot make sense of. The message is for whoever asked. */
final class BadCallException extends Exception {
    private static final long serialVersionUID = 1;

    BadCallException(String message) {
        super(message);
    }

    String line() {
        return String.valueOf(getMessage());
    }
}
