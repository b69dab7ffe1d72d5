package io.staplegate.device;

import io.staplegate.identity.DevicePath;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Who of one listener's devices may come in, and who must leave. Safe for use by any thread; never blocks. */
public interface Gate {
    /**
     * Judges a device whose handshake is over, a resumed one too. Done at once where what is known suffices, else on
     * any thread, at the latest when the budget ends.
     */
    CompletableFuture<Judgement> judge(DevicePath path);

    /**
     * A device that was let in has its session. It is judged again whenever something new is known of it.
     *
     * @param leave told once, on any thread, when the device must leave
     */
    Stay enter(DevicePath path, Consumer<Judgement> leave);

    /** A session of a device. */
    interface Stay extends AutoCloseable {
        /** The session has ended. */
        @Override
        void close();
    }
}
