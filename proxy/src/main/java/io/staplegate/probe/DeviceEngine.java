package io.staplegate.probe;

import java.io.IOException;
import java.time.Duration;
import org.bouncycastle.tls.TlsClientProtocol;
import org.jspecify.annotations.Nullable;

/** A device's end of one TLS session, as bytes in and bytes out; knows no socket. One thread at a time. */
public final class DeviceEngine {
    private final DevicePeer peer;
    private final TlsClientProtocol protocol = new TlsClientProtocol();

    /** An engine that has its ClientHello to say. */
    public DeviceEngine(Device device) throws IOException {
        peer = new DevicePeer(device, Duration.ZERO);
        protocol.connect(peer);
    }

    /** What the device has to say now: a whole flight, or nothing. */
    public byte[] output() {
        byte[] bytes = new byte[protocol.getAvailableOutputBytes()];
        protocol.readOutput(bytes, 0, bytes.length);
        return bytes;
    }

    /**
     * Takes what the server has said.
     *
     * @throws IOException where the session has failed; the alert, if any, is in the output
     */
    public void offer(byte[] bytes, int length) throws IOException {
        protocol.offerInput(bytes, 0, length);
    }

    /** What the server presented; null before the end of the handshake. */
    public @Nullable Presented presented() {
        return peer.presented();
    }

    /** Has application data to say, behind the handshake. */
    void write(byte[] bytes) throws IOException {
        protocol.writeApplicationData(bytes, 0, bytes.length);
    }

    /** The application data that the server has said by now; empty: none. */
    byte[] read() {
        byte[] bytes = new byte[protocol.getAvailableInputBytes()];
        protocol.readInput(bytes, 0, bytes.length);
        return bytes;
    }

    /** Whether nothing more can be said. */
    boolean isClosed() {
        return protocol.isClosed();
    }

    /** Says goodbye: a close_notify is in the output. */
    public void close() throws IOException {
        protocol.close();
    }
}
