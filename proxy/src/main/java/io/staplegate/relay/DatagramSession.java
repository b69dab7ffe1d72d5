package io.staplegate.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One device's session with a UDP backend: a connected socket of its own, from the device's first datagram on. Owned by
 * one event loop.
 */
public final class DatagramSession {
    private final DatagramRelay relay;
    private final EventLoop eventLoop;
    private final DatagramDevice device;
    private final long openedAt;

    private SessionFacts facts;
    private @Nullable Uplink uplink;
    private long lastDatagramAt;
    private long bytesFromDevice;
    private long bytesToDevice;
    private boolean closed;

    DatagramSession(DatagramRelay relay, SessionFacts facts, EventLoop eventLoop, DatagramDevice device) {
        this.relay = relay;
        this.facts = facts;
        this.eventLoop = eventLoop;
        this.device = device;
        this.openedAt = now();
        this.lastDatagramAt = openedAt;
    }

    /** One datagram from the device, which is taken over; sent at {@link #deviceSentAll} at the latest. */
    public void deviceSent(ByteBuf datagram) {
        if (closed) {
            datagram.release();
            return;
        }
        lastDatagramAt = now();
        bytesFromDevice += datagram.readableBytes();
        relay.ledger().relayed(true, datagram.readableBytes());
        if (uplink == null) {
            uplink = new Uplink(relay, this, eventLoop);
        }
        uplink.send(datagram);
    }

    /** The device has sent all that there is for now. */
    public void deviceSentAll() {
        if (uplink != null) {
            uplink.flush();
        }
    }

    /** The device is at another address now (R49). */
    public void deviceMoved(InetSocketAddress source) {
        facts = facts.movedTo(source);
        if (uplink != null) {
            uplink.deviceMoved();
        }
    }

    void backendSent(ByteBuf datagram) {
        lastDatagramAt = now();
        int bytes = datagram.readableBytes();
        if (device.send(datagram)) {
            bytesToDevice += bytes;
            relay.ledger().relayed(false, bytes);
        }
    }

    void backendSentAll() {
        device.flush();
    }

    /** What the handshake told, and where the device is by now. */
    SessionFacts facts() {
        return facts;
    }

    /** When the last datagram went either way, or the session was opened, in the event loop's nanoseconds. */
    public long lastDatagramAt() {
        return lastDatagramAt;
    }

    /** Ends the session: closes its socket, counts it, writes the access log. Once; later calls do nothing. */
    public void close(SessionEnd why) {
        if (closed) {
            return;
        }
        closed = true;
        if (uplink != null) {
            uplink.close();
        }
        Duration duration = Duration.ofNanos(now() - openedAt);
        relay.ledger().sessionClosed(new SessionSummary(facts, bytesFromDevice, bytesToDevice, duration, why));
    }

    private long now() {
        return eventLoop.ticker().nanoTime();
    }
}
