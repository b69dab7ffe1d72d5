package io.staplegate.loadtest.udp;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A path on loopback from one device to a UDP server, and back: a gate sees each datagram, and may lose it. */
public final class DatagramPath implements AutoCloseable {
    private static final int LARGEST_DATAGRAM = 65_535;

    private final DatagramSocket front;
    private final DatagramSocket back;
    private final Gate gate;
    private volatile @Nullable SocketAddress device;

    /** Which way a datagram goes. */
    public enum Direction {
        TO_SERVER,
        TO_DEVICE
    }

    /** Sees every datagram; one direction's come one after the other. */
    @FunctionalInterface
    public interface Gate {
        /** Whether the datagram goes on; else it is lost. */
        boolean passes(Direction direction, byte[] datagram);
    }

    private DatagramPath(DatagramSocket front, DatagramSocket back, Gate gate) {
        this.front = front;
        this.back = back;
        this.gate = gate;
    }

    /** A path that begins at a free port of loopback. */
    public static DatagramPath to(InetSocketAddress server, Gate gate) throws IOException {
        DatagramSocket front = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket back = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        back.connect(server);
        DatagramPath path = new DatagramPath(front, back, gate);
        Thread.ofVirtual().start(() -> path.forward(front, Direction.TO_SERVER));
        Thread.ofVirtual().start(() -> path.forward(back, Direction.TO_DEVICE));
        return path;
    }

    /** What the device takes for the server. */
    public InetSocketAddress address() {
        return (InetSocketAddress) front.getLocalSocketAddress();
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }

    private void forward(DatagramSocket from, Direction direction) {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
        while (!from.isClosed()) {
            try {
                packet.setLength(LARGEST_DATAGRAM);
                from.receive(packet);
                if (direction == Direction.TO_SERVER) {
                    device = packet.getSocketAddress();
                }
                pass(Arrays.copyOf(packet.getData(), packet.getLength()), direction);
            } catch (PortUnreachableException e) {
                // nobody listens there now: the datagram is lost, as on any network
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void pass(byte[] datagram, Direction direction) throws IOException {
        SocketAddress known = device;
        if (!gate.passes(direction, datagram)) {
            return;
        }
        if (direction == Direction.TO_SERVER) {
            back.send(new DatagramPacket(datagram, datagram.length));
        } else if (known != null) {
            front.send(new DatagramPacket(datagram, datagram.length, known));
        }
    }
}
