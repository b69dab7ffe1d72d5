package io.staplegate.loadtest.udp;

import io.staplegate.loadtest.udp.DatagramPath.Direction;
import io.staplegate.loadtest.udp.DatagramPath.Gate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.ContentType;

/**
 * Counts the datagrams of a handshake, and loses none: those that begin with an alert or with application data are no
 * part of it. Safe for use by any thread.
 */
public final class HandshakeCount implements Gate {
    private final List<Integer> toServer = new ArrayList<>();
    private final List<Integer> toDevice = new ArrayList<>();

    @Override
    public synchronized boolean passes(Direction direction, byte[] datagram) {
        if (datagram.length > 0 && isHandshake(datagram[0])) {
            of(direction).add(datagram.length);
        }
        return true;
    }

    /** The bytes of UDP payload of each datagram that went that way, in order. */
    public synchronized List<Integer> sizes(Direction direction) {
        return List.copyOf(of(direction));
    }

    private List<Integer> of(Direction direction) {
        return direction == Direction.TO_SERVER ? toServer : toDevice;
    }

    private static boolean isHandshake(byte contentType) {
        return contentType == ContentType.handshake || contentType == ContentType.change_cipher_spec;
    }
}
