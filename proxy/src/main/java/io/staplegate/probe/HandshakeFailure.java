package io.staplegate.probe;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A handshake that came to nothing. The message is for people, and the same for the same reason. */
public final class HandshakeFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Traffic traffic;

    HandshakeFailure(String reason, Traffic traffic, @Nullable Throwable cause) {
        super(reason, cause);
        this.traffic = traffic;
    }

    /** Why, in lower case and without a full stop. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** What had been said until then. */
    public Traffic traffic() {
        return traffic;
    }
}
