package io.staplegate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.staplegate.device.Gate;
import io.staplegate.handshake.HandshakeFailures;
import io.staplegate.handshake.HandshakeResult;
import io.staplegate.handshake.ServerPeer;
import io.staplegate.relay.SessionFacts;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's handshake: reads until it is over, counts how it ended, and gives its place to a {@link TlsHandler}.
 * Owned by the channel's event loop; the engine is lent to an executor for each step, and not touched meanwhile.
 */
final class HandshakeHandler extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(HandshakeHandler.class);

    private final String listener;
    private final Duration timeout;
    private final Telemetry telemetry;
    private final ServerPeer peer;
    private final TlsEngine engine;
    private final EngineOutput output;
    private final @Nullable Gate gate;
    private final Executor steps;
    private final long startedAt = System.nanoTime();

    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private @Nullable Future<?> deadline;
    /** What came behind the last bytes while the engine was lent: the device has sent all that it will. */
    private @Nullable Object inputShutdown;

    private boolean engineLent;
    private boolean over;

    /**
     * A handshake that waits for its ClientHello.
     *
     * @param timeout from now to the end of the handshake
     * @param gate asked about a device with a certificate before its session begins; null: everybody is let in
     * @param steps runs the engine; not the event loop, where a key may block
     */
    HandshakeHandler(
            String listener,
            Duration timeout,
            Telemetry telemetry,
            ServerPeer peer,
            @Nullable Gate gate,
            Executor steps)
            throws IOException {
        this.listener = listener;
        this.timeout = timeout;
        this.telemetry = telemetry;
        this.peer = peer;
        this.gate = gate;
        this.engine = new TlsEngine(peer);
        this.output = new EngineOutput(engine);
        this.steps = steps;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(() -> giveUp(context, HandshakeOutcome.TIMEOUT), timeout.toNanos(), TimeUnit.NANOSECONDS);
        context.fireChannelActive();
        context.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        received = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), received, (ByteBuf) message);
        step(context);
    }

    private void step(ChannelHandlerContext context) {
        if (engineLent) {
            return;
        }
        engineLent = true;
        byte[] bytes = ByteBufUtil.getBytes(received);
        steps.execute(() -> {
            Throwable failure = null;
            int consumed = bytes.length;
            try {
                consumed = engine.offer(bytes, 0, bytes.length);
            } catch (IOException | RuntimeException e) {
                failure = e;
            }
            comeBack(context, bytes.length, consumed, failure);
        });
    }

    private void comeBack(ChannelHandlerContext context, int lent, int consumed, @Nullable Throwable failure) {
        if (!context.executor().inEventLoop()) {
            context.executor().execute(() -> comeBack(context, lent, consumed, failure));
            return;
        }
        engineLent = false;
        if (over) {
            return;
        }
        int waiting = received.readableBytes();
        boolean more = waiting > lent || (waiting > consumed && consumed > 0);
        received.skipBytes(consumed);
        HandshakeResult result = peer.result();
        if (failure != null || engine.isClosed()) {
            failed(context, failure);
        } else if (result != null) {
            finished(context, result);
        } else {
            output.send(context, context.newPromise());
            if (more) {
                step(context);
            } else if (inputShutdown != null) {
                giveUp(context, HandshakeOutcome.CLOSED);
            } else {
                context.read();
            }
        }
    }

    private void finished(ChannelHandlerContext context, HandshakeResult result) {
        end(result.resumed() ? HandshakeOutcome.RESUMED : HandshakeOutcome.OK);
        if (!result.resumed()) {
            telemetry.handshakeStapled(listener, result.stapleKind());
        }
        output.send(context, context.newPromise());
        TlsHandler session = new TlsHandler(engine, received);
        received = Unpooled.EMPTY_BUFFER;
        if (gate != null && result.device() != null) {
            context.pipeline().addAfter(context.name(), "gate", new GateHandler(gate, result.device()));
        }
        context.pipeline().replace(this, "tls", session);
        ChannelHandlerContext next = context.pipeline().context(session);
        next.fireUserEventTriggered(facts(context, result));
        if (inputShutdown != null) {
            session.userEventTriggered(next, inputShutdown);
        }
    }

    private SessionFacts facts(ChannelHandlerContext context, HandshakeResult result) {
        Channel channel = context.channel();
        return result.facts(
                listener, (InetSocketAddress) channel.remoteAddress(), (InetSocketAddress) channel.localAddress());
    }

    private void failed(ChannelHandlerContext context, @Nullable Throwable cause) {
        boolean alerted = engine.getAvailableOutputBytes() > 0;
        end(
                peer.alertReceived() >= 0
                        ? HandshakeOutcome.ALERT_RECEIVED
                        : alerted ? HandshakeOutcome.ALERT_SENT : HandshakeOutcome.CLOSED);
        new HandshakeFailures(listener, telemetry)
                .failed(peer, context.channel().remoteAddress(), cause);
        output.sendAndClose(context, context.newPromise());
    }

    /** Ends a handshake that cannot go on; the engine may be in use elsewhere. */
    private void giveUp(ChannelHandlerContext context, HandshakeOutcome outcome) {
        if (!over) {
            end(outcome);
            var _ = context.close();
        }
    }

    private void end(HandshakeOutcome outcome) {
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        telemetry.handshakeEnded(listener, peer.version(), outcome, Duration.ofNanos(System.nanoTime() - startedAt));
    }

    /** There is nothing to tell anybody until the handshake is over. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {}

    /** Nobody but this handler reads until then, either. */
    @Override
    public void read(ChannelHandlerContext context) {}

    /** What is written this early is a signal to stop. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ReferenceCountUtil.release(message);
        promise.trySuccess();
        giveUp(context, HandshakeOutcome.CLOSED);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            if (engineLent) {
                inputShutdown = event;
            } else {
                giveUp(context, HandshakeOutcome.CLOSED);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        giveUp(context, HandshakeOutcome.CLOSED);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.atDebug().addKeyValue("listener", listener).setCause(cause).log("connection failed in its handshake");
        giveUp(context, HandshakeOutcome.CLOSED);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        received.release();
    }
}
