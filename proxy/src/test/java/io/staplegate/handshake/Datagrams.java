package io.staplegate.handshake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsClient;
import org.jspecify.annotations.Nullable;

/** A device and a listener for tests that exchange datagrams in memory, each on a thread of its own. */
final class Datagrams {
    private static final int PATIENCE = 10_000;

    /** Every datagram from the device, and every one to it, in order. */
    final List<byte[]> fromDevice = new ArrayList<>();

    final List<byte[]> toDevice = new ArrayList<>();

    final ServerPeer peer;
    private final @Nullable DTLSTransport device;
    private final @Nullable DTLSTransport server;

    /** Shakes hands, to the end or to the first alert. */
    Datagrams(TlsClient client, Handshakes listener, Supplier<byte @Nullable []> connectionIds) {
        BlockingQueue<byte[]> upstream = new LinkedBlockingQueue<>();
        BlockingQueue<byte[]> downstream = new LinkedBlockingQueue<>();
        peer = listener.newPeer(connectionIds);
        CompletableFuture<@Nullable DTLSTransport> accepting = new CompletableFuture<>();
        Thread.startVirtualThread(() -> accepting.complete(
                finish(() -> new DTLSServerProtocol().accept(peer, new End(upstream, downstream, toDevice)))));
        device = finish(() -> new DTLSClientProtocol().connect(client, new End(downstream, upstream, fromDevice)));
        server = accepting.join();
    }

    /** Sends a plaintext and returns what comes out at the other end; null where nothing does. */
    byte @Nullable [] fromDevice(byte[] plaintext) throws IOException {
        return exchange(device, server, plaintext);
    }

    byte @Nullable [] toDevice(byte[] plaintext) throws IOException {
        return exchange(server, device, plaintext);
    }

    private static byte @Nullable [] exchange(
            @Nullable DTLSTransport from, @Nullable DTLSTransport to, byte[] plaintext) throws IOException {
        if (from == null || to == null) {
            throw new AssertionError("no handshake");
        }
        from.send(plaintext, 0, plaintext.length);
        byte[] received = new byte[1 << 14];
        int length = to.receive(received, 0, received.length, 1000);
        return length < 0 ? null : Arrays.copyOf(received, length);
    }

    private interface Handshake {
        DTLSTransport run() throws IOException;
    }

    private static @Nullable DTLSTransport finish(Handshake handshake) {
        try {
            return handshake.run();
        } catch (IOException e) {
            return null; // the peers know the alert
        }
    }

    /** One end of a path that loses nothing. */
    private record End(BlockingQueue<byte[]> in, BlockingQueue<byte[]> out, List<byte[]> sent)
            implements DatagramTransport {
        @Override
        public int getReceiveLimit() {
            return 1 << 14;
        }

        @Override
        public int getSendLimit() {
            return 1 << 14;
        }

        @Override
        public int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
            try {
                byte[] datagram = in.poll(waitMillis == 0 ? PATIENCE : waitMillis, TimeUnit.MILLISECONDS);
                if (datagram == null) {
                    return -1;
                }
                System.arraycopy(datagram, 0, bytes, offset, datagram.length);
                return datagram.length;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void send(byte[] bytes, int offset, int length) {
            byte[] datagram = Arrays.copyOfRange(bytes, offset, offset + length);
            sent.add(datagram);
            out.add(datagram);
        }

        @Override
        public void close() {}
    }
}
