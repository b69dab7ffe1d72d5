package io.staplegate.identity;

import io.staplegate.telemetry.PathFault;

/** A device's certificates do not authenticate it. */
public final class InvalidPathException extends Exception {
    private static final long serialVersionUID = 1;

    private final PathFault fault;

    /** {@code detail}: for the log, with the culprit where there is one. */
    public InvalidPathException(PathFault fault, String detail) {
        super(detail);
        this.fault = fault;
    }

    /** The reason. */
    public PathFault fault() {
        return fault;
    }
}
