package io.staplegate.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.net.Transport;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes and ends, on epoll and on NIO. */
@ParameterizedClass
@EnumSource(Transport.Kind.class)
record RelayTest(Transport.Kind kind) {
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

    @Test
    void bytesGoBothWays() throws Exception {
        try (var backend = TestBackend.echo();
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()));
                Socket device = relay.device()) {
            for (String word : new String[] {"hello", "there"}) {
                device.getOutputStream().write(word.getBytes(US_ASCII));
                assertThat(device.getInputStream().readNBytes(5)).asString().isEqualTo(word);
            }
        }
    }

    @Test
    void muchGoesBothWaysAtOnceUnchanged() throws Exception {
        int size = 32 << 20;
        var toDevice = new CompletableFuture<byte[]>();
        var fromDevice = new CompletableFuture<byte[]>();
        TestBackend.Conversation both = connection -> {
            THREADS.execute(() -> complete(toDevice, () -> send(connection, 1, size)));
            complete(fromDevice, () -> receive(connection));
            value(toDevice);
        };
        try (var backend = new TestBackend(both);
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()));
                Socket device = relay.device()) {
            var sent = new CompletableFuture<byte[]>();
            THREADS.execute(() -> complete(sent, () -> send(device, 2, size)));
            assertThat(receive(device)).isEqualTo(value(toDevice));
            assertThat(value(sent)).isEqualTo(value(fromDevice));
            await().until(() -> relay.sessions() == 0);
            assertThat(relay.metric("staplegate_relayed_bytes_total{direction=\"from_device\",listener=\"mqtts\"}"))
                    .isEqualTo(size);
        }
    }

    @Test
    void theEndOfTheDevicesStreamLeavesTheOtherWayOpen() throws Exception {
        TestBackend.Conversation answerAtTheEnd = connection -> {
            byte[] question = connection.getInputStream().readAllBytes();
            connection.getOutputStream().write(("got " + question.length).getBytes(US_ASCII));
        };
        try (var backend = new TestBackend(answerAtTheEnd);
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()));
                Socket device = relay.device()) {
            device.getOutputStream().write(new byte[100_000]);
            device.shutdownOutput();
            assertThat(device.getInputStream().readAllBytes()).asString().isEqualTo("got 100000");
            await().until(() -> relay.sessions() == 0);
        }
    }

    @Test
    void theEndOfTheBackendsStreamLeavesTheOtherWayOpen() throws Exception {
        var received = new CompletableFuture<byte[]>();
        TestBackend.Conversation speakFirst = connection -> {
            connection.getOutputStream().write(new byte[100_000]);
            connection.shutdownOutput();
            received.complete(connection.getInputStream().readAllBytes());
        };
        try (var backend = new TestBackend(speakFirst);
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()));
                Socket device = relay.device()) {
            assertThat(device.getInputStream().readAllBytes()).hasSize(100_000);
            device.getOutputStream().write("thanks".getBytes(US_ASCII));
            device.shutdownOutput();
            assertThat(value(received)).asString().isEqualTo("thanks");
            await().until(() -> relay.sessions() == 0);
        }
    }

    @Test
    void whatADeviceSentBeforeItLeftArrives() throws Exception {
        var proceed = new CountDownLatch(1);
        var received = new CompletableFuture<byte[]>();
        TestBackend.Conversation slow = connection -> {
            proceed.await();
            received.complete(connection.getInputStream().readAllBytes());
        };
        try (var backend = new TestBackend(slow);
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()))) {
            try (Socket device = relay.device()) {
                device.getOutputStream().write(new byte[1_000_000]);
            }
            proceed.countDown();
            assertThat(value(received)).hasSize(1_000_000);
            await().until(() -> relay.sessions() == 0);
        }
    }

    @Test
    void aResetDeviceEndsTheBackendsConnection() throws Exception {
        var ended = new CompletableFuture<Integer>();
        TestBackend.Conversation untilEnd = connection -> {
            connection.getOutputStream().write("hello".getBytes(US_ASCII));
            ended.complete(connection.getInputStream().read());
        };
        try (var backend = new TestBackend(untilEnd);
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()))) {
            Socket device = relay.device();
            device.getInputStream().readNBytes(5);
            device.setSoLinger(true, 0);
            device.close();
            assertThat(value(ended)).isEqualTo(-1);
            await().until(() -> relay.sessions() == 0);
        }
    }

    @Test
    void aResetBackendEndsTheDevicesConnectionBehindWhatItSent() throws Exception {
        var proceed = new CountDownLatch(1);
        TestBackend.Conversation reset = connection -> {
            connection.getOutputStream().write("hello".getBytes(US_ASCII));
            proceed.await();
            connection.setSoLinger(true, 0);
        };
        try (var backend = new TestBackend(reset);
                var relay = new RelayFixture(kind, RelayFixture.backend(backend.address()));
                Socket device = relay.device()) {
            assertThat(device.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
            proceed.countDown();
            assertThat(device.getInputStream().readAllBytes()).asString().isEqualTo("[BACKEND_FAILED]");
            await().until(() -> relay.sessions() == 0);
        }
    }

    private static byte[] send(Socket socket, int seed, int size) throws Exception {
        Random random = new Random(seed);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        OutputStream out = new DigestOutputStream(socket.getOutputStream(), digest);
        byte[] chunk = new byte[50_000];
        for (int left = size; left > 0; left -= chunk.length) {
            random.nextBytes(chunk);
            out.write(chunk, 0, Math.min(left, chunk.length));
        }
        socket.shutdownOutput();
        return digest.digest();
    }

    private static byte[] receive(Socket socket) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        InputStream in = new DigestInputStream(socket.getInputStream(), digest);
        in.transferTo(OutputStream.nullOutputStream());
        return digest.digest();
    }

    private static <T> T value(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static <T> void complete(CompletableFuture<T> future, Callable<T> source) {
        try {
            future.complete(source.call());
        } catch (Exception e) {
            future.completeExceptionally(e);
        }
    }
}
