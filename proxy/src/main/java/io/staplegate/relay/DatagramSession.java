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
public final class DatagramSession implements OpenSession {
    private final DatagramRelay relay;
    private final EventLoop eventLoop;
    private final DatagramDevice device;
    private final long openedAt;

    private final long id;

    // Written by the event loop alone, read by any thread.
    private volatile SessionFacts facts;
    private volatile long lastDatagramAt;
    private volatile long bytesFromDevice;
    private volatile long bytesToDevice;

    private @Nullable Uplink uplink;
    private boolean closed;

    DatagramSession(DatagramRelay relay, SessionFacts facts, EventLoop eventLoop, DatagramDevice device) {
        this.relay = relay;
        this.facts = facts;
        this.eventLoop = eventLoop;
        this.device = device;
        this.openedAt = now();
        this.lastDatagramAt = openedAt;
        this.id = relay.ledger().sessionOpened(this);
    }

    /** One datagram from the device, which is taken over; sent at {@link #deviceSentAll} at the latest. */
    public void deviceSent(ByteBuf datagram) {
        if (closed) {
            datagram.release();
            return;
        }
        lastDatagramAt = now();
        long sum = bytesFromDevice + datagram.readableBytes();
        bytesFromDevice = sum;
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
            long sum = bytesToDevice + bytes;
            bytesToDevice = sum;
            relay.ledger().relayed(false, bytes);
        }
    }

    void backendSentAll() {
        device.flush();
    }

    @Override
    public SessionFacts facts() {
        return facts;
    }

    @Override
    public long openedAt() {
        return openedAt;
    }

    @Override
    public long lastByteAt() {
        return lastDatagramAt;
    }

    @Override
    public long bytesFromDevice() {
        return bytesFromDevice;
    }

    @Override
    public long bytesToDevice() {
        return bytesToDevice;
    }

    @Override
    public void kill() {
        eventLoop.execute(() -> {
            device.end(SessionEnd.KILLED);
            device.flush();
        });
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
        relay.ledger().sessionClosed(id, new SessionSummary(facts, bytesFromDevice, bytesToDevice, duration, why));
    }

    @Override
    public long now() {
        return eventLoop.ticker().nanoTime();
    }
}
