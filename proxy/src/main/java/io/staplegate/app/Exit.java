package io.staplegate.app;

/** The exit codes of every command. */
public final class Exit {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    /** As {@code EX_CONFIG} of sysexits.h. */
    static final int BAD_CONFIGURATION = 78;

    private Exit() {}
}
