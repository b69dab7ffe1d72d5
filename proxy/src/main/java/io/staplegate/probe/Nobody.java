package io.staplegate.probe;

import java.io.IOException;
import org.bouncycastle.tls.DatagramTransport;

/** A server that is not there: takes what is sent, and ends a handshake when it should answer. */
final class Nobody implements DatagramTransport {
    private static final int ENOUGH = 2048;

    @Override
    public int getReceiveLimit() {
        return ENOUGH;
    }

    @Override
    public int getSendLimit() {
        return ENOUGH;
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {}

    @Override
    public int receive(byte[] bytes, int offset, int length, int waitMillis) throws IOException {
        throw new IOException("nobody is there");
    }

    @Override
    public void close() {}
}
