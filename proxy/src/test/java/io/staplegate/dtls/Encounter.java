package io.staplegate.dtls;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A device and a listener with a path between them. */
final class Encounter implements AutoCloseable {
    final MemoryDevice device;
    final SmallListener listener;
    final LossyPath up;
    final LossyPath down;

    Encounter(MemoryDevice device, SmallListener listener, LossyPath.Fate up, LossyPath.Fate down) {
        this.device = device;
        this.listener = listener;
        this.up = new LossyPath(up, listener::arrive);
        this.down = new LossyPath(down, device::arrive);
        device.over(this.up);
        listener.over(this.down);
    }

    Encounter(MemoryDevice device, SmallListener listener) {
        this(device, listener, LossyPath.faithful(), LossyPath.faithful());
    }

    Encounter() {
        this(new MemoryDevice(), new SmallListener(1232));
    }

    /** Shakes hands, and waits until the listener has seen the end of it, too. */
    Encounter shakeHands() throws IOException {
        device.connect();
        listener.established.orTimeout(20, TimeUnit.SECONDS).join();
        return this;
    }

    @Override
    public void close() {
        listener.close();
    }
}
