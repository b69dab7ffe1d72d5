package io.staplegate.dtls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.staplegate.telemetry.DatagramDrop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's socket on the listener's port, as its sessions and handshakes see it. What a turn of the loop has
 * to send leaves at the end of the turn, in as few system calls as there can be. Owned by the loop, except where it is
 * said.
 */
final class LoopSocket {
    private final Channel channel;
    private final Consumer<DatagramDrop> drops;
    private final List<DeviceSession> heard = new ArrayList<>();
    private @Nullable ChannelFuture lastWrite;
    private boolean turnEnds;

    /** The loop's end of a channel; {@code drops}: told why a datagram is not sent. */
    LoopSocket(Channel channel, Consumer<DatagramDrop> drops) {
        this.channel = channel;
        this.drops = drops;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    /** The loop's clock, in nanoseconds. */
    long now() {
        return loop().ticker().nanoTime();
    }

    InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }

    ByteBufAllocator allocator() {
        return channel.alloc();
    }

    /** Begins to take datagrams. */
    void read() {
        channel.config().setAutoRead(true);
    }

    /** False where more waits for the kernel than is reasonable: what is written is dropped. For any thread. */
    boolean isWritable() {
        return channel.isWritable();
    }

    /** Writes one datagram, or drops it. For any thread. */
    void write(byte[] datagram, InetSocketAddress to) {
        if (!channel.isWritable()) {
            drops.accept(DatagramDrop.QUEUE_FULL);
            return;
        }
        ChannelFuture written = channel.write(new DatagramPacket(Unpooled.wrappedBuffer(datagram), to));
        if (loop().inEventLoop()) {
            lastWrite = written;
        }
    }

    /** Sends what was written: on the loop, at the end of its turn; elsewhere, at once. For any thread. */
    void flush() {
        if (!loop().inEventLoop()) {
            channel.flush();
        } else if (!turnEnds) {
            turnEnds = true;
            loop().execute(this::endTurn);
        }
    }

    /** The session has sent to its backend: it is told when that is all. Once a turn. */
    void heardFrom(DeviceSession session) {
        heard.add(session);
    }

    /** Sends what this turn of the loop has brought, to backends and to devices. */
    void endTurn() {
        turnEnds = false;
        heard.forEach(DeviceSession::deviceSentAll);
        heard.clear();
        channel.flush();
    }

    /** Closes the socket when all that was written on the loop has left. */
    void closeBehindWrites() {
        channel.flush();
        if (lastWrite == null) {
            var _ = channel.close();
        } else {
            lastWrite.addListener(sent -> {
                var _ = channel.close();
            });
        }
    }
}
