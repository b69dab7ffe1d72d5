package io.staplegate.app;

/** The exit codes of every command. */
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    /** As {@code EX_CONFIG} of sysexits.h. */
    static final int BAD_CONFIGURATION = 78;

    private Exit() {}
}
