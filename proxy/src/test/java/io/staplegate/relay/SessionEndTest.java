package io.staplegate.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.socket.DuplexChannel;
import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.FileReference;
import io.staplegate.config.SocketAddress.UnixPath;
import io.staplegate.net.Transport;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How sessions end, and who is said to have ended them: read from the access log. */
@ParameterizedClass
@EnumSource(Transport.Kind.class)
final class SessionEndTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Parameter
    Transport.Kind kind = Transport.Kind.NIO;

    @TempDir
    Path folder;

    @Test
    void aSilentSessionIsEnded() throws Exception {
        try (var backend = TestBackend.echo();
                var relay = relay(RelayFixture.backend(backend.address()), Duration.ofMillis(400));
                Socket device = relay.device()) {
            assertThat(device.getInputStream().readAllBytes()).asString().isEqualTo("[IDLE]");
            assertThat(line()).contains("end=idle", "bytesFromDevice=0");
            assertThat(relay.sessions()).isZero();
        }
    }

    @Test
    void bytesKeepASessionAlive() throws Exception {
        try (var backend = TestBackend.echo();
                var relay = relay(RelayFixture.backend(backend.address()), Duration.ofMillis(800));
                Socket device = relay.device()) {
            long start = System.nanoTime();
            await().pollInterval(Duration.ofMillis(100))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> {
                        device.getOutputStream().write('x');
                        assertThat(device.getInputStream().read()).isEqualTo('x');
                        return System.nanoTime() - start > Duration.ofSeconds(2).toNanos();
                    });
            assertThat(device.getInputStream().readAllBytes()).asString().isEqualTo("[IDLE]");
        }
    }

    @Test
    void aDeviceMayEndIt() throws Exception {
        try (var backend = TestBackend.echo();
                var relay = relay(RelayFixture.backend(backend.address()), HOUR);
                Socket device = relay.device()) {
            device.getOutputStream().write("hello".getBytes(US_ASCII));
            device.shutdownOutput();
            device.getInputStream().readAllBytes();
            assertThat(line()).contains("end=device", "bytesFromDevice=5", "bytesToDevice=5");
        }
    }

    @Test
    void aBackendMayEndIt() throws Exception {
        try (var backend = new TestBackend(
                        connection -> connection.getOutputStream().write(7));
                var relay = relay(RelayFixture.backend(backend.address()), HOUR)) {
            Socket device = relay.device();
            device.getInputStream().readAllBytes();
            device.close();
            assertThat(line()).contains("end=backend", "bytesToDevice=1");
        }
    }

    @Test
    void theProxyMayEndIt() throws Exception {
        try (var backend = TestBackend.echo();
                var relay = relay(RelayFixture.backend(backend.address()), HOUR);
                Socket device = relay.device()) {
            await().until(() -> relay.sessions() == 1);
            relay.accepted().writeAndFlush(SessionSignal.SHUTDOWN).syncUninterruptibly();
            assertThat(device.getInputStream().readAllBytes()).asString().isEqualTo("[SHUTDOWN]");
            assertThat(line()).contains("end=shutdown");
        }
    }

    @Test
    void aBackendThatCannotBeReachedEndsIt() throws Exception {
        try (var relay = relay(RelayFixture.backend(new UnixPath(folder.resolve("absent"))), HOUR);
                Socket device = relay.device()) {
            device.getInputStream().readAllBytes();
            assertThat(line()).contains("end=backend_failed");
        }
    }

    @Test
    void aDeviceThatCannotBeWrittenToAnyMoreIsClosed() throws Exception {
        try (var backend = TestBackend.echo();
                var relay = relay(RelayFixture.backend(backend.address()), HOUR);
                Socket device = relay.device()) {
            await().until(() -> relay.sessions() == 1);
            ((DuplexChannel) relay.accepted()).shutdownOutput().syncUninterruptibly();
            assertThat(device.getInputStream().read()).isEqualTo(-1);
            assertThat(line()).contains("end=device");
        }
    }

    @Test
    void aBackendThatStaysIsLeftWhenTheDeviceIsGone() throws Exception {
        var proceed = new CountDownLatch(1);
        TestBackend.Conversation flood = connection -> {
            proceed.await();
            for (byte[] chunk = new byte[64 * 1024]; ; ) {
                connection.getOutputStream().write(chunk);
            }
        };
        try (var backend = new TestBackend(flood);
                var relay = relay(RelayFixture.backend(backend.address()), HOUR)) {
            Socket device = relay.device();
            await().until(() -> relay.sessions() == 1);
            device.setSoLinger(true, 0);
            device.close();
            proceed.countDown();
            assertThat(line()).contains("end=device");
        }
    }

    @Test
    void aUnixBackendMayEndIt() throws Exception {
        Path path = folder.resolve("broker.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                var relay = relay(RelayFixture.backend(new UnixPath(path)), HOUR)) {
            server.bind(UnixDomainSocketAddress.of(path));
            try (Socket device = relay.device()) {
                try (SocketChannel connection = server.accept()) {
                    connection.write(ByteBuffer.wrap("hello".getBytes(US_ASCII)));
                }
                assertThat(device.getInputStream().readAllBytes()).asString().isEqualTo("hello");
            }
            assertThat(line()).contains("end=backend");
        }
    }

    private RelayFixture relay(BackendConfig backend, Duration idleTimeout) throws Exception {
        FileReference file = new FileReference("access.log", folder.resolve("access.log"));
        return new RelayFixture(kind, backend, idleTimeout, new AccessLogConfig(AccessLogConfig.Format.TEXT, file));
    }

    /** The only line of the access log, when it is there. */
    private String line() {
        Path file = folder.resolve("access.log");
        String text = await().until(() -> Files.readString(file, UTF_8), written -> written.endsWith("\n"));
        assertThat(text.lines()).hasSize(1);
        return text;
    }
}
