package io.staplegate.relay;

/** A session as an operator sees it. Asked by any thread, while its event loop goes on: nothing here waits for that. */
interface OpenSession {
    /** What its handshake told, and where its device is by now. */
    SessionFacts facts();

    /** When it was opened, in nanoseconds of {@link #now}. */
    long openedAt();

    /** When something last went either way. */
    long lastByteAt();

    long now();

    /** Application bytes that the device sent, as of a moment ago. */
    long bytesFromDevice();

    long bytesToDevice();

    /** Has the session ended, with a farewell to the device. */
    void kill();
}
