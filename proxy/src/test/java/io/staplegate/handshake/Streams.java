package io.staplegate.handshake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.TlsClient;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsServerProtocol;

/** A device and a listener for tests that exchange the bytes of TLS in memory. */
final class Streams {
    /** What went to the device, a flight at a time. */
    final List<byte[]> toDevice = new ArrayList<>();

    final ServerPeer peer;
    private final TlsServerProtocol server = new TlsServerProtocol();
    private final TlsClientProtocol client;

    /** Shakes hands, to the end or to the first alert. */
    Streams(TlsClient device, Handshakes listener) {
        this(device, listener, new TlsClientProtocol());
    }

    /** {@code client}: the device's engine. */
    Streams(TlsClient device, Handshakes listener, TlsClientProtocol client) {
        this.client = client;
        peer = listener.newPeer();
        try {
            server.accept(peer);
            client.connect(device);
            for (boolean moved = true; moved; ) {
                moved = move(client::readOutput, server::offerInput);
                moved |= move(server::readOutput, this::toDevice);
            }
        } catch (IOException e) {
            try {
                move(server::readOutput, this::toDevice);
            } catch (IOException alert) {
                // the device has noted it
            }
        }
    }

    private void toDevice(byte[] bytes, int offset, int length) throws IOException {
        toDevice.add(Arrays.copyOfRange(bytes, offset, offset + length));
        client.offerInput(bytes, offset, length);
    }

    private interface Output {
        int read(byte[] bytes, int offset, int length);
    }

    private interface Input {
        void offer(byte[] bytes, int offset, int length) throws IOException;
    }

    private static boolean move(Output from, Input to) throws IOException {
        byte[] bytes = new byte[1 << 18];
        int length = from.read(bytes, 0, bytes.length);
        if (length > 0) {
            to.offer(bytes, 0, length);
        }
        return length > 0;
    }
}
