package io.staplegate.probe;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A handshake that came to nothing. The message is for people, and the same for the same reason. */
public final class HandshakeFailure extends IOException {
    private static final long serialVersionUID = 1;

    HandshakeFailure(String reason, @Nullable Throwable cause) {
        super(reason, cause);
    }

    /** Why, in lower case and without a full stop. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
