package io.staplegate.dtls;

import io.netty.buffer.ByteBuf;
import io.staplegate.device.Gate;
import io.staplegate.dtls.DtlsEngine.Received;
import io.staplegate.handshake.FatalAlerts;
import io.staplegate.relay.DatagramDevice;
import io.staplegate.relay.DatagramSession;
import io.staplegate.relay.SessionEnd;
import io.staplegate.relay.SessionFacts;
import io.staplegate.relay.SessionSignal;
import io.staplegate.telemetry.DatagramDrop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device's session: its records on one side, its backend on the other. There may be a hundred thousand that sleep for
 * days, so it has no thread, timer, queue or buffer. Owned by an event loop.
 */
final class DeviceSession implements Route, DatagramDevice, DtlsEngine.Plaintext {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceSession.class);

    /** Longer than the engine keeps the last flight of a handshake for: 240 s. */
    private static final long FLIGHT_NANOS = Duration.ofMinutes(5).toNanos();

    private final SessionTable table;
    private final DtlsEngine engine;
    private final ReturnPath path;
    private final int hello;
    private final @Nullable ConnectionId id;
    private final InetAddress admittedFrom;
    private final DatagramSession backend;
    private Gate.@Nullable Stay stay;
    private int place;
    private boolean heard;
    private boolean flightForgotten;
    private boolean ended;

    /**
     * A session whose handshake is over.
     *
     * @param hello of the ClientHello that it began with; {@link CookieGate.Verified}
     * @param id what the device knows it by, where that was agreed on
     */
    DeviceSession(
            SessionTable table,
            DtlsEngine engine,
            ReturnPath path,
            int hello,
            @Nullable ConnectionId id,
            SessionFacts facts) {
        this.table = table;
        this.engine = engine;
        this.path = path;
        this.hello = hello;
        this.id = id;
        this.admittedFrom = path.address().getAddress();
        this.backend = table.scope().relay().open(facts, table.socket().loop(), this);
    }

    InetSocketAddress address() {
        return path.address();
    }

    @Nullable
    ConnectionId id() {
        return id;
    }

    /** Whether a ClientHello with a cookie is the one that this session began with, once more. */
    boolean beganWith(int otherHello) {
        return hello == otherHello;
    }

    /** Where it is in the {@link SessionRoll}. */
    int place() {
        return place;
    }

    void setPlace(int place) {
        this.place = place;
    }

    /** Takes what the device sent while it was not yet known that the handshake was over. */
    void receiveEarly() {
        try {
            engine.receiveEarly(this);
            endWhereClosed();
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private void endWhereClosed() {
        if (engine.isClosed()) {
            end(SessionEnd.DEVICE);
        }
    }

    @Override
    public void receive(InetSocketAddress source, byte[] bytes, int length) {
        if (!accepts(source, bytes, length)) {
            table.scope().dropped(DatagramDrop.INVALID_RECORD);
        }
    }

    /** Takes a datagram, which is overwritten; false where nothing in it is authentic and new. */
    boolean accepts(InetSocketAddress source, byte[] bytes, int length) {
        try {
            Received received = engine.receive(bytes, 0, length, this);
            if (received == Received.NEWEST_BY_ID) {
                foundAt(source);
            }
            endWhereClosed();
            return received != Received.NOTHING;
        } catch (IOException | RuntimeException e) {
            fail(e);
            return true;
        }
    }

    /** Plaintext from the device. */
    @Override
    public void receive(byte[] bytes, int offset, int length) {
        backend.deviceSent(table.socket().allocator().ioBuffer(length).writeBytes(bytes, offset, length));
        if (!heard) {
            heard = true;
            table.socket().heardFrom(this);
        }
    }

    /** The device has sent all that this turn of the loop brought. */
    void deviceSentAll() {
        heard = false;
        backend.deviceSentAll();
    }

    private void foundAt(InetSocketAddress source) {
        if (source.equals(path.address())) {
            return;
        }
        table.leaves(this);
        path.moveTo(source);
        backend.deviceMoved(source);
        table.scope().telemetry().addressChanged(table.scope().name());
    }

    @Override
    public boolean send(ByteBuf datagram) {
        try {
            return !ended && isSent(datagram);
        } catch (IOException | RuntimeException e) {
            fail(e);
            return false;
        } finally {
            datagram.release();
        }
    }

    private boolean isSent(ByteBuf datagram) throws IOException {
        int length = datagram.readableBytes();
        if (length > engine.sendLimit()) {
            table.scope().dropped(DatagramDrop.TOO_LARGE);
            return false;
        }
        if (!table.socket().isWritable()) {
            table.scope().dropped(DatagramDrop.QUEUE_FULL);
            return false;
        }
        engine.send(table.plaintext(datagram), 0, length);
        return true;
    }

    @Override
    public void flush() {
        table.socket().flush();
    }

    /** Ends it where it is idle; lets go of its handshake where that is long ago. {@code now}: the loop's clock. */
    void lookAfter(long now, long idleNanos) {
        long silence = now - backend.lastDatagramAt();
        if (silence > idleNanos) {
            end(SessionEnd.IDLE);
        } else if (!flightForgotten && silence > FLIGHT_NANOS) {
            flightForgotten = true;
            engine.forgetOldFlight();
        }
    }

    /** It is judged again whenever something new is known of its device. */
    void stays(Gate.Stay newStay) {
        stay = newStay;
        if (ended) {
            newStay.close();
        }
    }

    /** Ends it where its device must leave. */
    void refuse(SessionSignal farewell) {
        if (!ended) {
            engine.fail(FatalAlerts.of(farewell));
            end(SessionEnd.REFUSED);
            flush();
        }
    }

    private void fail(Exception cause) {
        LOG.atDebug()
                .addKeyValue("listener", table.scope().name())
                .addKeyValue("source", path.address())
                .setCause(cause)
                .log("session failed");
        end(SessionEnd.ERROR);
    }

    /** Ends it, once. The device is told, unless it was the device. */
    @Override
    public void end(SessionEnd why) {
        if (ended) {
            return;
        }
        ended = true;
        table.remove(this);
        table.scope().connections().release(admittedFrom);
        if (why != SessionEnd.DEVICE) {
            engine.close();
        }
        if (stay != null) {
            stay.close();
        }
        backend.close(why);
    }
}
