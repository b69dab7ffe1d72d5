package io.staplegate.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.staplegate.telemetry.DatagramDrop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a loop has to send leaves together, and what the kernel does not take is not piled up. */
final class LoopSocketTest {
    private static final InetSocketAddress DEVICE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5684);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<DatagramDrop> drops = new ArrayList<>();
    private final LoopSocket socket = new LoopSocket(channel, drops::add);

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void whatATurnOfTheLoopBringsLeavesTogether() {
        List<Integer> flushes = new ArrayList<>();
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void flush(ChannelHandlerContext context) {
                context.flush();
                flushes.add(channel.outboundMessages().size());
            }
        });
        EventLoop loop = channel.eventLoop();
        loop.execute(socket::flush);
        for (int i = 0; i < 3; i++) {
            loop.execute(() -> socket.write(new byte[10], DEVICE));
            loop.execute(socket::flush);
        }
        channel.runPendingTasks();
        assertThat(flushes).first().isEqualTo(3);
        DatagramPacket sent = channel.readOutbound();
        assertThat(sent.recipient()).isEqualTo(DEVICE);
        ReferenceCountUtil.release(sent);
    }

    @Test
    void whatIsMoreThanMayWaitIsDroppedAndCounted() {
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(1000, 2000));
        int written = 0;
        while (socket.isWritable()) {
            socket.write(new byte[100], DEVICE);
            written++;
        }
        socket.write(new byte[100], DEVICE);
        assertThat(drops).containsExactly(DatagramDrop.QUEUE_FULL);
        socket.endTurn();
        assertThat(channel.outboundMessages()).hasSize(written);
        assertThat(socket.isWritable()).isTrue();
    }

    @Test
    void itClosesBehindWhatWasWritten() {
        socket.write(new byte[10], DEVICE);
        socket.closeBehindWrites();
        assertThat(channel.outboundMessages()).hasSize(1);
        assertThat(channel.isOpen()).isFalse();
    }
}
