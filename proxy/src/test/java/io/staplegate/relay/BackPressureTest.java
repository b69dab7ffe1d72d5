package io.staplegate.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.staplegate.net.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One side that does not read must not make the proxy hold what the other sends. */
@ParameterizedClass
@EnumSource(Transport.Kind.class)
record BackPressureTest(Transport.Kind kind) {
    private static final int MUCH = 200 << 20;

    /** The high water mark of a channel, and one read of the largest size beyond it. */
    private static final long BOUND = (64 + 64 + 1) * 1024;

    @Test
    void aDeviceThatDoesNotReadHoldsUpTheBackend() throws Exception {
        var sent = new AtomicLong();
        try (var backend = new TestBackend(connection -> send(connection, MUCH, sent));
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()));
                Socket device = relay.device()) {
            Channel accepted = relay.accepted();
            awaitStandstill(sent);
            assertThat(sent.get()).isLessThan(MUCH);
            assertThat(pendingBytes(accepted)).isBetween(1L, BOUND);
            assertThat(drain(device.getInputStream())).isEqualTo(MUCH);
        }
    }

    @Test
    void aBackendThatDoesNotReadHoldsUpTheDevice() throws Exception {
        var sent = new AtomicLong();
        var received = new AtomicLong();
        var proceed = new CountDownLatch(1);
        TestBackend.Conversation slow = connection -> {
            proceed.await();
            received.set(drain(connection.getInputStream()));
        };
        try (var backend = new TestBackend(slow);
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()));
                Socket device = relay.device()) {
            Thread.ofVirtual().start(() -> {
                try {
                    send(device, MUCH, sent);
                    device.shutdownOutput();
                } catch (IOException e) {
                    sent.set(-1);
                }
            });
            awaitStandstill(sent);
            assertThat(sent.get()).isPositive().isLessThan(MUCH);
            proceed.countDown();
            await().atMost(Duration.ofSeconds(30))
                    .untilAtomic(received, value -> assertThat(value).isEqualTo(MUCH));
        }
    }

    /** Epoll reads all that is in the kernel once the end of stream is there: that must be bounded too. */
    @Test
    void aBackendThatLeavesDoesNotFloodTheProxy() throws Exception {
        int widening = 32 << 20;
        int tail = 12 << 20;
        var sent = new AtomicLong();
        var proceed = new CountDownLatch(1);
        TestBackend.Conversation leave = connection -> {
            send(connection, widening, sent);
            proceed.await();
            send(connection, tail, sent);
        };
        try (var backend = new TestBackend(leave);
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()));
                Socket device = relay.device()) {
            Channel accepted = relay.accepted();
            device.getInputStream().skipNBytes(widening);
            proceed.countDown();
            awaitStandstill(sent);
            long highest = 0;
            for (int left = tail; left > 0; left -= 64 * 1024) {
                highest = Math.max(highest, pendingBytes(accepted));
                device.getInputStream().skipNBytes(64 * 1024);
            }
            assertThat(highest).isBetween(1L, 1L << 20);
            assertThat(device.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static void send(Socket socket, long size, AtomicLong sent) throws IOException {
        OutputStream out = socket.getOutputStream();
        byte[] chunk = new byte[64 * 1024];
        for (long left = size; left > 0; left -= chunk.length) {
            out.write(chunk);
            sent.addAndGet(chunk.length);
        }
    }

    private static long drain(InputStream in) throws IOException {
        return in.transferTo(OutputStream.nullOutputStream());
    }

    /** Waits until nothing has moved for a while: the only sign of a held-up sender. */
    private static void awaitStandstill(AtomicLong sent) {
        var last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300)).until(() -> last.getAndSet(sent.get()) == sent.get());
    }

    private static long pendingBytes(Channel channel) {
        return channel.eventLoop()
                .submit(() -> {
                    var buffer = channel.unsafe().outboundBuffer();
                    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
                })
                .syncUninterruptibly()
                .getNow();
    }
}
