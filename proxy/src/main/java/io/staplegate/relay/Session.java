package io.staplegate.relay;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device's session with the backend, from the end of its handshake until both connections are closed. Owned by the
 * event loop of the device channel, which is the backend channel's too.
 *
 * <p>Each side may end (it will send no more), and may close (it is gone). An end is passed on to the other side,
 * behind the bytes that came before it. The session is over when both sides are closed.
 */
final class Session implements OpenSession {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** How long one side may take to accept what is in flight, and to close, when the other is gone. */
    private static final Duration LINGER = Duration.ofSeconds(10);

    /** What a backend may still send to a device that is gone, in bytes. */
    private static final int MAX_DROPPED = 1024 * 1024;

    private final Relay relay;
    private final Ledger ledger;
    private final SessionFacts facts;
    private final ChannelHandlerContext device;
    private final EventLoop eventLoop;
    private final long openedAt;
    private final Queue<ByteBuf> early = new ArrayDeque<>();

    private @Nullable Future<Channel> connecting;
    private volatile @Nullable Link link;
    private @Nullable Future<?> timer;
    private @Nullable SessionEnd end;
    private volatile long lastByteAt;
    private long id;
    private long dropped;
    private boolean deviceEnded;
    private boolean deviceClosed;
    private boolean backendClosed;
    private boolean parted;

    /** What exists once the backend is connected. */
    private record Link(ChannelHandlerContext backend, Flow fromDevice, Flow toDevice) {}

    Session(Relay relay, ChannelHandlerContext device, SessionFacts facts) {
        this.relay = relay;
        this.ledger = relay.ledger();
        this.device = device;
        this.facts = facts;
        this.eventLoop = device.channel().eventLoop();
        this.openedAt = now();
        this.lastByteAt = openedAt;
    }

    /** Starts to connect to the backend. */
    void open() {
        id = ledger.sessionOpened(this);
        connecting = relay.connector().connect(eventLoop, () -> new BackendAttempt(this));
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                connectFailed(done.cause());
            }
        });
    }

    /** Whether there is none yet, and one is wanted. */
    boolean awaitsBackend() {
        return link == null && !backendClosed;
    }

    void backendConnected(ChannelHandlerContext backend) {
        Link link = new Link(
                backend,
                new Flow(device, backend, Session::shutDownOutput, bytes -> ledger.relayed(true, bytes)),
                new Flow(backend, device, Session::endOfStream, bytes -> ledger.relayed(false, bytes)));
        this.link = link;
        if (relay.proxyProtocol()) {
            ProxyHeader.send(facts, backend);
        }
        while (!early.isEmpty()) {
            link.fromDevice.pass(early.remove());
        }
        link.fromDevice.flush();
        link.toDevice.pull();
        lastByteAt = now();
        timer = schedule(this::checkIdle, relay.idleTimeout());
        if (deviceEnded) {
            link.fromDevice.end(this::closeIfOver);
        }
        if (deviceClosed) {
            linger();
        }
    }

    private void connectFailed(Throwable cause) {
        if (!(cause instanceof CancellationException)) {
            ledger.backendFailed(cause);
            endedBy(SessionEnd.BACKEND_FAILED);
        }
        early.forEach(ByteBuf::release);
        early.clear();
        backendClosed = true;
        part(SessionSignal.BACKEND_FAILED);
        finishIfClosed();
    }

    void deviceSent(ByteBuf bytes) {
        lastByteAt = now();
        if (link != null) {
            link.fromDevice.pass(bytes);
        } else if (!backendClosed) {
            early.add(bytes);
        } else {
            bytes.release();
        }
    }

    void deviceSentAll() {
        if (link != null) {
            link.fromDevice.flush();
        }
    }

    void deviceWritable() {
        if (link != null) {
            link.toDevice.pull();
        }
    }

    void deviceEnded() {
        deviceEnded = true;
        endedBy(SessionEnd.DEVICE);
        if (link != null) {
            link.fromDevice.end(this::closeIfOver);
        }
    }

    void deviceFailed(Throwable cause) {
        LOG.atDebug().addKeyValue("source", facts.source()).setCause(cause).log("device connection failed");
        endedBy(cause instanceof IOException ? SessionEnd.DEVICE : SessionEnd.ERROR);
        close(device);
    }

    /** Netty shuts an output by itself when a write fails in an unusual way: nothing can be written any more. */
    void deviceOutputShut() {
        if (link == null || !link.toDevice.ended()) {
            deviceFailed(new ClosedChannelException());
        }
    }

    void deviceClosed() {
        deviceClosed = true;
        deviceEnded();
        if (link != null) {
            linger();
            link.toDevice.pull();
        } else if (early.isEmpty() && requireNonNull(connecting).cancel(false)) {
            return;
        }
        finishIfClosed();
    }

    void backendSent(ByteBuf bytes) {
        lastByteAt = now();
        if (deviceClosed) {
            dropped += bytes.readableBytes();
        }
        link().toDevice.pass(bytes);
        if (dropped > MAX_DROPPED) {
            close(link().backend);
        }
    }

    void backendSentAll() {
        link().toDevice.flush();
    }

    void backendWritable() {
        link().fromDevice.pull();
    }

    void backendEnded() {
        endedBy(SessionEnd.BACKEND);
        if (!backendClosed) {
            link().toDevice.end(this::closeIfOver);
        }
    }

    /** Comes before {@link #backendEnded} where a connection was reset: Netty then reports both. */
    void backendFailed(Throwable cause) {
        LOG.atDebug().addKeyValue("source", facts.source()).setCause(cause).log("backend connection failed");
        endedBy(cause instanceof IOException ? SessionEnd.BACKEND : SessionEnd.ERROR);
        close(link().backend);
        backendClosed();
    }

    void backendOutputShut() {
        if (!link().fromDevice.ended()) {
            backendFailed(new ClosedChannelException());
        }
    }

    void backendClosed() {
        if (backendClosed) {
            return;
        }
        backendClosed = true;
        endedBy(SessionEnd.BACKEND);
        if (!link().toDevice.ended()) {
            part(SessionSignal.BACKEND_FAILED);
        }
        link().fromDevice.end(this::closeIfOver);
        linger();
        finishIfClosed();
    }

    /** Notes who ended the session, if nobody did before. */
    void endedBy(SessionEnd who) {
        if (end == null) {
            end = who;
        }
    }

    private void checkIdle() {
        long left = relay.idleTimeout().toNanos() - (now() - lastByteAt);
        if (left > 0) {
            timer = schedule(this::checkIdle, Duration.ofNanos(left));
            return;
        }
        endedBy(SessionEnd.IDLE);
        part(SessionSignal.IDLE);
        close(link().backend);
    }

    /** Ends the device's connection, behind what is on its way to it, with a word of why; once. */
    private void part(SessionSignal signal) {
        if (!parted) {
            parted = true;
            var _ = device.writeAndFlush(signal);
            linger();
        }
    }

    /** Closes what is still open, if it does not close by itself soon. */
    private void linger() {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = schedule(this::closeBoth, LINGER);
    }

    private void closeIfOver() {
        if (link().fromDevice.over() && link().toDevice.over()) {
            closeBoth();
        }
    }

    private void closeBoth() {
        close(device);
        if (link != null) {
            close(link.backend);
        }
    }

    private static void close(ChannelHandlerContext side) {
        var _ = side.close();
    }

    private void finishIfClosed() {
        if (!deviceClosed || !backendClosed) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        long fromDevice = link == null ? 0 : link.fromDevice.bytes();
        long toDevice = link == null ? 0 : link.toDevice.bytes();
        Duration duration = Duration.ofNanos(now() - openedAt);
        ledger.sessionClosed(id, new SessionSummary(facts, fromDevice, toDevice, duration, requireNonNull(end)));
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
        return lastByteAt;
    }

    @Override
    public long bytesFromDevice() {
        Link now = link;
        return now == null ? 0 : now.fromDevice.flushed();
    }

    @Override
    public long bytesToDevice() {
        Link now = link;
        return now == null ? 0 : now.toDevice.flushed();
    }

    @Override
    public void kill() {
        eventLoop.execute(() -> {
            endedBy(SessionEnd.KILLED);
            part(SessionSignal.KILLED);
            if (link != null) {
                close(link.backend);
            } else {
                requireNonNull(connecting).cancel(false);
            }
        });
    }

    private static ChannelFuture endOfStream(ChannelHandlerContext device) {
        return device.writeAndFlush(SessionSignal.END_OF_STREAM);
    }

    /** Waits for the flush: Netty drops what is unwritten when an output is shut down. */
    private static ChannelFuture shutDownOutput(ChannelHandlerContext backend) {
        ChannelPromise shutDown = backend.newPromise();
        backend.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            var _ = ((DuplexChannel) backend.channel()).shutdownOutput(shutDown);
        });
        return shutDown;
    }

    private Link link() {
        return requireNonNull(link, "a backend spoke before it was connected");
    }

    private Future<?> schedule(Runnable task, Duration delay) {
        return eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public long now() {
        return eventLoop.ticker().nanoTime();
    }
}
