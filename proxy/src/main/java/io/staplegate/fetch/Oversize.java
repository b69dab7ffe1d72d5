package io.staplegate.fetch;

import io.staplegate.fetch.Download.Version;
import java.io.IOException;

/** A file is larger than what is taken. The rest of it is not read. */
final class Oversize extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Version version;

    Oversize(IOException cause, Version version) {
        super(cause.getMessage(), cause);
        this.version = version;
    }

    Version version() {
        return version;
    }
}
