package io.staplegate.tls;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.staplegate.device.Gate;
import io.staplegate.device.Judgement;
import io.staplegate.identity.DevicePath;
import io.staplegate.relay.SessionFacts;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Between a device's records and the relay: the relay learns of a session when the device has been let in, and of
 * whatever came meanwhile. Stays for as long as the session, and ends it where the device must leave. Owned by the
 * channel's event loop.
 */
final class GateHandler extends ChannelInboundHandlerAdapter {
    private final Gate gate;
    private final DevicePath device;

    /** What the relay does not know yet; null once the device is in, or out. */
    private @Nullable Queue<Object> held = new ArrayDeque<>();

    private Gate.@Nullable Stay stay;
    private boolean asked;

    GateHandler(Gate gate, DevicePath device) {
        this.gate = gate;
        this.device = device;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (held == null) {
            context.fireUserEventTriggered(event);
            return;
        }
        held.add(event);
        if (event instanceof SessionFacts && !asked) {
            asked = true;
            var _ = gate.judge(device)
                    .whenComplete((judgement, failure) ->
                            context.executor().execute(() -> judged(context, judgement, failure)));
        }
    }

    private void judged(ChannelHandlerContext context, @Nullable Judgement judgement, @Nullable Throwable failure) {
        if (held == null) {
            return; // the device has gone
        }
        if (judgement == null) {
            release();
            context.fireExceptionCaught(new IllegalStateException("the gate gives a judgement", failure));
            var _ = context.close();
        } else if (!judgement.isLetIn()) {
            release();
            var _ = context.writeAndFlush(judgement.farewell());
        } else {
            letIn(context);
        }
    }

    private void letIn(ChannelHandlerContext context) {
        Queue<Object> missed = held;
        held = null;
        stay = gate.enter(device, judgement -> context.executor().execute(() -> leave(context, judgement)));
        while (missed != null && !missed.isEmpty()) {
            switch (missed.remove()) {
                case Plaintext(Object bytes) -> context.fireChannelRead(bytes);
                case Object event -> context.fireUserEventTriggered(event);
            }
        }
        context.fireChannelReadComplete();
    }

    /** By way of the relay, which notes why. */
    private static void leave(ChannelHandlerContext context, Judgement judgement) {
        var _ = context.channel().writeAndFlush(judgement.farewell());
    }

    /** Something that was read before the device was let in. */
    private record Plaintext(Object bytes) {}

    /** There is some only where it came right behind the handshake: nobody reads yet. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (held == null) {
            context.fireChannelRead(message);
        } else {
            held.add(new Plaintext(message));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (held == null) {
            context.fireChannelReadComplete();
        }
    }

    private void release() {
        Queue<Object> dropped = held;
        held = null;
        while (dropped != null && !dropped.isEmpty()) {
            if (dropped.remove() instanceof Plaintext(Object bytes)) {
                ReferenceCountUtil.release(bytes);
            }
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        release();
        if (stay != null) {
            stay.close();
        }
    }
}
