package io.staplegate.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The network between one device and a proxy: real sockets on loopback, and a fate for each datagram. It is also the
 * device's NAT, which may give it another port.
 */
public final class LossyRelay implements AutoCloseable {
    private static final int MAX_DATAGRAM_BYTES = 65_535;

    private final Weather weather;
    private final InetSocketAddress proxy;
    private final DatagramSocket near = onLoopback();
    private final Path up = new Path(Direction.TO_PROXY);
    private final Path down = new Path(Direction.TO_DEVICE);
    private volatile DatagramSocket far = onLoopback();
    private volatile @Nullable SocketAddress device;

    public enum Direction {
        TO_PROXY,
        TO_DEVICE
    }

    /** What becomes of a datagram. */
    public enum Fate {
        PASS,
        LOSE,
        DOUBLE,
        /** It waits, and goes behind the next one in its direction. */
        OVERTAKEN
    }

    /** Decides a fate, by the direction and the number in it, from 1. One thread a direction asks. */
    @FunctionalInterface
    public interface Weather {
        Fate fate(Direction direction, int number, byte[] datagram);
    }

    private LossyRelay(InetSocketAddress proxy, Weather weather) throws IOException {
        this.proxy = proxy;
        this.weather = weather;
    }

    /** Stands on a free port of loopback before a proxy on another. */
    public static LossyRelay before(int proxyPort, Weather weather) throws IOException {
        var proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort);
        LossyRelay relay = new LossyRelay(proxy, weather);
        Thread.ofVirtual().start(() -> relay.carry(relay.near, relay.up));
        relay.listenToProxy();
        return relay;
    }

    /** A network on which nothing happens. */
    public static LossyRelay calmBefore(int proxyPort) throws IOException {
        return before(proxyPort, (_, _, _) -> Fate.PASS);
    }

    /** Where the device sends. */
    public int port() {
        return near.getLocalPort();
    }

    /** From now on the proxy sees the device at another port; what it sends to the former one is lost. */
    public void rebind() throws IOException {
        DatagramSocket former = far;
        far = onLoopback();
        former.close();
        listenToProxy();
    }

    /** Every datagram that came from one side, whatever became of it. */
    public List<byte[]> seen(Direction direction) {
        return List.copyOf((direction == Direction.TO_PROXY ? up : down).seen);
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }

    private void listenToProxy() {
        DatagramSocket socket = far;
        Thread.ofVirtual().start(() -> carry(socket, down));
    }

    private void carry(DatagramSocket from, Path path) {
        DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
        try {
            while (!from.isClosed()) {
                packet.setLength(MAX_DATAGRAM_BYTES);
                from.receive(packet);
                if (path == up) {
                    device = packet.getSocketAddress();
                }
                path.pass(Arrays.copyOf(packet.getData(), packet.getLength()));
            }
        } catch (IOException e) {
            // Closed: the test is over, or the device has another port.
        }
    }

    private void send(Direction direction, byte[] datagram) throws IOException {
        SocketAddress to = direction == Direction.TO_PROXY ? proxy : device;
        if (to != null) {
            DatagramSocket by = direction == Direction.TO_PROXY ? far : near;
            by.send(new DatagramPacket(datagram, datagram.length, to));
        }
    }

    private static DatagramSocket onLoopback() throws IOException {
        return new DatagramSocket(0, InetAddress.getLoopbackAddress());
    }

    /** The way in one direction. */
    private final class Path {
        private final Direction direction;
        private final List<byte[]> seen = new CopyOnWriteArrayList<>();
        private byte @Nullable [] overtaken;

        Path(Direction direction) {
            this.direction = direction;
        }

        void pass(byte[] datagram) throws IOException {
            seen.add(datagram);
            byte[] late = overtaken;
            overtaken = null;
            switch (weather.fate(direction, seen.size(), datagram)) {
                case PASS -> send(direction, datagram);
                case LOSE -> {}
                case DOUBLE -> {
                    send(direction, datagram);
                    send(direction, datagram);
                }
                case OVERTAKEN -> overtaken = datagram;
            }
            if (late != null) {
                send(direction, late);
            }
        }
    }
}
