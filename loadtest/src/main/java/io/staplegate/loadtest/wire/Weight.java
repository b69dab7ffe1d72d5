package io.staplegate.loadtest.wire;

import io.staplegate.loadtest.udp.DatagramPath.Direction;
import io.staplegate.loadtest.udp.HandshakeCount;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one handshake weighed; the JSON has these names. Sizes are of UDP payload, in bytes, a datagram each.
 *
 * @param server {@code proxy} or {@code s_server}
 * @param minimum the least that this kind of handshake takes, in bytes (R52); null: not itemised
 */
public record Weight(
        String handshake,
        String client,
        String suite,
        String server,
        List<Integer> toServer,
        List<Integer> toDevice,
        @Nullable Integer minimum) {

    static Weight of(Handshake handshake, String server, HandshakeCount count, @Nullable Integer minimum) {
        return new Weight(
                handshake.kind().toString(),
                handshake.client().toString(),
                handshake.suite().openssl(),
                server,
                count.sizes(Direction.TO_SERVER),
                count.sizes(Direction.TO_DEVICE),
                minimum);
    }

    /** Datagrams both ways. */
    public int datagrams() {
        return toServer.size() + toDevice.size();
    }

    /** Bytes both ways. */
    public int bytes() {
        return sum(toServer) + sum(toDevice);
    }

    /** The cells of its row, but for the comparison with the other server. */
    List<String> cells() {
        return List.of(
                handshake,
                client,
                suite,
                server,
                String.valueOf(datagrams()),
                each(toServer),
                each(toDevice),
                String.valueOf(bytes()),
                minimum == null ? "" : ratio(bytes(), minimum));
    }

    static String ratio(int bytes, int others) {
        return String.format(Locale.ROOT, "%.3f", bytes / (double) others);
    }

    private static String each(List<Integer> sizes) {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("+")) + " = " + sum(sizes);
    }

    private static int sum(List<Integer> sizes) {
        return sizes.stream().mapToInt(Integer::intValue).sum();
    }
}
