package io.staplegate.relay;

import io.netty.channel.ChannelHandler;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.net.Transport;
import io.staplegate.telemetry.Telemetry;

/** One listener's way to its backend: makes the last handler of each device's pipeline. */
public final class Relay {
    public Relay(
            ListenerConfig listener,
            BackendConfig backend,
            Transport transport,
            AccessLog accessLog,
            Telemetry telemetry) {
        throw new UnsupportedOperationException(listener + " " + backend + transport + accessLog + telemetry);
    }

    /**
     * A handler for one device channel. It waits for the user event {@link SessionFacts}, connects to the backend, and
     * then moves bytes both ways; it writes {@link SessionSignal}s and {@code ByteBuf}s to the device.
     */
    public ChannelHandler newSession() {
        throw new UnsupportedOperationException();
    }
}
