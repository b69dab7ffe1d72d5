package io.staplegate.loadtest;

import io.staplegate.loadtest.server.Footprint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What became of a flood; its JSON has these names.
 *
 * @param seconds from its first datagram to its last
 * @param before what the proxy took before it
 * @param during when the last handshake had been left half open
 * @param after when the proxy had no handshake any more
 * @param drops datagrams that the proxy dropped, by reason
 */
record FloodReport(
        double seconds,
        Honest honest,
        Strangers strangers,
        HalfOpen halfOpen,
        Footprint before,
        Footprint during,
        Footprint after,
        Map<String, Long> drops) {

    /**
     * Devices that shook hands and sent a datagram.
     *
     * @param connected those that got an answer to it
     * @param latency of their handshakes; null where there was none
     */
    record Honest(int devices, int connected, Map<String, Integer> failures, Report.@Nullable Latency latency) {}

    /**
     * Addresses that echo no cookie.
     *
     * @param hellos that they sent
     * @param bytesSent of UDP payload, as is {@code bytesReceived}
     * @param amplified addresses that were sent more than they had sent
     * @param cookies HelloVerifyRequests, the honest devices' and those of the half-open handshakes among them
     */
    record Strangers(int hellos, long bytesSent, long bytesReceived, long amplified, long cookies) {}

    /**
     * Handshakes that stop behind the cookie.
     *
     * @param stopped those that got as far
     * @param pending handshakes that the proxy had when the last one had stopped
     */
    record HalfOpen(int devices, int stopped, long pending) {}

    /** For people. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "flood          %.1f s", seconds));
        lines.add("honest         %d of %d%s"
                .formatted(honest.connected, honest.devices, honest.failures.isEmpty() ? "" : ", " + honest.failures));
        if (honest.latency != null) {
            lines.add("latency        " + honest.latency.line());
        }
        lines.add(String.format(
                Locale.ROOT,
                "without cookie %d hellos, %d bytes sent, %d received (%.2f); %d addresses got more than they sent",
                strangers.hellos,
                strangers.bytesSent,
                strangers.bytesReceived,
                strangers.bytesReceived / (double) strangers.bytesSent,
                strangers.amplified));
        lines.add("cookies        %d sent by the proxy in all".formatted(strangers.cookies));
        lines.add("half open      %d of %d; %d pending at once"
                .formatted(halfOpen.stopped, halfOpen.devices, halfOpen.pending));
        lines.add("drops          " + (drops.isEmpty() ? "none" : drops));
        lines.add(row("", "before", "during", "after"));
        lines.add(bytes("live heap", Footprint::heap));
        lines.add(bytes("resident", Footprint::resident));
        lines.add(row(
                "threads",
                String.valueOf(before.threads()),
                String.valueOf(during.threads()),
                String.valueOf(after.threads())));
        return lines;
    }

    private String bytes(String name, ToLongFunction<Footprint> what) {
        return row(
                name,
                Footprint.mebibytes(what.applyAsLong(before)),
                Footprint.mebibytes(what.applyAsLong(during)),
                Footprint.mebibytes(what.applyAsLong(after)));
    }

    private static String row(String name, String before, String during, String after) {
        return String.format("%-14s %12s %12s %12s", name, before, during, after);
    }
}
