package io.staplegate.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.UnsupportedMessageTypeException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import io.staplegate.handshake.FatalAlerts;
import io.staplegate.relay.SessionSignal;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's records after its handshake, between the socket and the relay. Owned by the channel's event loop.
 *
 * <p>Reads from the socket only when the relay asks, and goes on until there is plaintext to give it.
 */
final class TlsHandler extends ChannelDuplexHandler {
    private static final Logger LOG = LoggerFactory.getLogger(TlsHandler.class);

    /** Header, nonce, tag and inner type of one record. */
    private static final int MOST_RECORD_OVERHEAD = 5 + 8 + 16 + 1;

    /** Heap memory in which the engine decrypts in place, and from which it encrypts: one for each event loop. */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[64 * 1024];
        }
    };

    private final TlsEngine engine;
    private final EngineOutput output;
    private ByteBuf received;
    private @Nullable ByteBuf decrypted;

    /** Whether there are bytes that came behind the handshake, and wait for the relay's first read. */
    private boolean early;

    private boolean wanted;
    private boolean delivered;
    private boolean closing;

    /**
     * A session that has just been agreed on.
     *
     * @param received what came behind the handshake; owned from now on
     */
    TlsHandler(TlsEngine engine, ByteBuf received) {
        this.engine = engine;
        this.output = new EngineOutput(engine);
        this.received = received;
        this.early = received.isReadable();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        engine.deliverTo((bytes, offset, length) -> collect(context, bytes, offset, length));
    }

    @Override
    public void read(ChannelHandlerContext context) {
        wanted = true;
        if (early) {
            context.executor().execute(() -> readEarly(context));
        } else {
            context.read();
        }
    }

    private void readEarly(ChannelHandlerContext context) {
        if (early) {
            early = false;
            decrypt(context);
            channelReadComplete(context);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        received = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), received, (ByteBuf) message);
        if (!early) {
            decrypt(context);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (delivered) {
            delivered = false;
            context.fireChannelReadComplete();
        } else if (wanted && !closing) {
            context.read();
        }
    }

    private void decrypt(ChannelHandlerContext context) {
        boolean inputHadEnded = engine.isInputEnded();
        Throwable failure = null;
        try {
            offerAll();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        deliver(context);
        if (engine.isInputEnded() && !inputHadEnded) {
            context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        if (failure != null) {
            LOG.atDebug()
                    .addKeyValue("source", context.channel().remoteAddress())
                    .setCause(failure)
                    .log("connection failed");
        }
        if (failure != null || engine.isClosed()) {
            close(context, context.newPromise());
        } else if (engine.getAvailableOutputBytes() > 0) {
            output.send(context, context.newPromise());
        }
    }

    private void offerAll() throws IOException {
        byte[] scratch = SCRATCH.get();
        int consumed;
        do {
            int length = Math.min(received.readableBytes(), scratch.length);
            received.getBytes(received.readerIndex(), scratch, 0, length);
            consumed = engine.offer(scratch, 0, length);
            received.skipBytes(consumed);
        } while (consumed > 0 && received.isReadable());
    }

    private void collect(ChannelHandlerContext context, byte[] bytes, int offset, int length) {
        if (decrypted == null) {
            decrypted = context.alloc().ioBuffer(Math.max(length, received.readableBytes()));
        }
        decrypted.writeBytes(bytes, offset, length);
    }

    private void deliver(ChannelHandlerContext context) {
        ByteBuf plaintext = decrypted;
        if (plaintext != null) {
            decrypted = null;
            wanted = false;
            delivered = true;
            context.fireChannelRead(plaintext);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        switch (message) {
            case ByteBuf bytes -> encrypt(context, bytes, promise);
            case SessionSignal signal -> obey(context, signal, promise);
            default -> {
                ReferenceCountUtil.release(message);
                promise.setFailure(new UnsupportedMessageTypeException(message, ByteBuf.class, SessionSignal.class));
            }
        }
    }

    private void encrypt(ChannelHandlerContext context, ByteBuf bytes, ChannelPromise promise) {
        int limit = engine.getApplicationDataLimit();
        int records = bytes.readableBytes() / limit + 1;
        ByteBuf sealed = context.alloc().ioBuffer(bytes.readableBytes() + records * MOST_RECORD_OVERHEAD);
        try {
            if (closing || engine.isOutputEnded()) {
                throw new ClosedChannelException();
            }
            while (bytes.isReadable()) {
                int length = Math.min(bytes.readableBytes(), limit);
                if (bytes.hasArray()) {
                    engine.writeApplicationData(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), length);
                    bytes.skipBytes(length);
                } else {
                    byte[] scratch = SCRATCH.get();
                    bytes.readBytes(scratch, 0, length);
                    engine.writeApplicationData(scratch, 0, length);
                }
                output.take(sealed);
            }
            var _ = context.write(sealed, promise);
        } catch (IOException | RuntimeException e) {
            sealed.release();
            promise.setFailure(e);
            if (engine.isFailed()) {
                close(context, context.newPromise());
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        engine.releaseBuffer();
        context.flush();
    }

    private void obey(ChannelHandlerContext context, SessionSignal signal, ChannelPromise promise) {
        try {
            switch (signal) {
                case END_OF_STREAM -> engine.endOutput();
                case BACKEND_FAILED, REVOKED, DENIED, UNVERIFIED ->
                    engine.fail(FatalAlerts.of(signal), signal.toString());
                case SHUTDOWN, KILLED, IDLE -> engine.close();
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("connection failed while it was closed");
        }
        output.send(context, promise);
        if (engine.isClosed()) {
            close(context, context.newPromise());
        }
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (closing) {
            context.channel().closeFuture().addListener(closed -> promise.trySuccess());
            return;
        }
        closing = true;
        try {
            engine.close();
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("connection failed while it was closed");
        }
        output.sendAndClose(context, promise);
    }

    /** A device that just stops, without a close_notify, has perhaps not said all: it gets no answer any more. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            readEarly(context);
            if (!engine.isInputEnded()) {
                closing = true;
                var _ = context.close();
            }
        } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        received.release();
    }
}
