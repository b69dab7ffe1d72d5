package io.staplegate.fetch;

import java.io.IOException;

/** A redirect that is not followed; the message says why, after the responder's name. */
final class RedirectRefused extends IOException {
    private static final long serialVersionUID = 1L;

    RedirectRefused(String message) {
        super(message);
    }
}
