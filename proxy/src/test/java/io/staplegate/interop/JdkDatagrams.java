package io.staplegate.interop;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** A DTLS session of the JDK's engine over a socket; on loopback, so that nothing need be sent again. */
final class JdkDatagrams implements AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 65_535;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final DatagramSocket socket = new DatagramSocket();
    private ByteBuffer records = NOTHING;

    private JdkDatagrams(SSLEngine engine) throws IOException {
        this.engine = engine;
    }

    /** Shakes hands with a server on loopback. */
    static JdkDatagrams connect(SSLEngine engine, int port) throws IOException {
        JdkDatagrams session = new JdkDatagrams(engine);
        session.socket.connect(InetAddress.getLoopbackAddress(), port);
        session.socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
        engine.beginHandshake();
        while (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            session.step();
        }
        return session;
    }

    /** Sends a line, and waits for what comes back. */
    String exchange(String line) throws IOException {
        send(ByteBuffer.wrap(line.getBytes(UTF_8)));
        ByteBuffer answer = receive();
        while (!answer.hasRemaining()) {
            answer = receive();
        }
        return UTF_8.decode(answer).toString();
    }

    private void step() throws IOException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> engine.getDelegatedTask().run();
            case NEED_WRAP -> send(NOTHING);
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> receive();
            case FINISHED, NOT_HANDSHAKING -> {}
        }
    }

    private void send(ByteBuffer plaintext) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(plaintext, datagram);
        socket.send(new DatagramPacket(datagram.array(), datagram.position()));
    }

    /** Processes the next record of the datagram at hand, or of the next one. */
    private ByteBuffer receive() throws IOException {
        if (!records.hasRemaining() && engine.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP_AGAIN) {
            DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
            socket.receive(packet);
            records = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
        }
        ByteBuffer plaintext = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        engine.unwrap(records, plaintext);
        return plaintext.flip();
    }

    @Override
    public void close() throws IOException {
        engine.closeOutbound();
        send(NOTHING);
        socket.close();
    }
}
