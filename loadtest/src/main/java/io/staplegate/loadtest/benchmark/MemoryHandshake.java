package io.staplegate.loadtest.benchmark;

import io.staplegate.handshake.HandshakeResult;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.ServerPeer;
import io.staplegate.probe.Device;
import io.staplegate.probe.DeviceEngine;
import io.staplegate.telemetry.Telemetry.StapleKind;
import io.staplegate.tls.TlsEngine;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One full handshake in memory, a flight at a time: the device and the server speak in turn, the device first. Driven
 * by one thread, as a connection's handler drives it.
 */
final class MemoryHandshake {
    private static final byte[] NOTHING = new byte[0];

    private final Handshakes listener;
    private final Device device;
    private @Nullable DeviceEngine client;
    private @Nullable ServerPeer peer;
    private @Nullable TlsEngine engine;
    private byte[] toServer = NOTHING;
    private byte[] toDevice = NOTHING;

    MemoryHandshake(Handshakes listener, Device device) {
        this.listener = listener;
        this.device = device;
    }

    /** The device's turn: it takes what the server has said, and says its next flight. */
    void deviceSpeaks() throws IOException {
        if (client == null) {
            client = new DeviceEngine(device);
        } else {
            client.offer(toDevice, toDevice.length);
        }
        toServer = client.output();
    }

    /** The server's turn, which begins a connection where this is the first. Returns how many bytes it said. */
    int serverSpeaks() throws IOException {
        if (engine == null) {
            peer = listener.newPeer();
            engine = new TlsEngine(peer);
        }
        engine.offer(toServer, 0, toServer.length);
        toDevice = new byte[engine.getAvailableOutputBytes()];
        return engine.readOutput(toDevice, 0, toDevice.length);
    }

    /** What the server says that was agreed on; null before the end. */
    @Nullable
    HandshakeResult result() {
        return peer == null ? null : peer.result();
    }

    /** Whether the server has ended it, and stapled every certificate. */
    boolean isComplete() {
        HandshakeResult result = result();
        return result != null && result.stapleKind() == StapleKind.CHAIN && !result.resumed();
    }
}
