package io.staplegate.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.net.Transport;
import io.staplegate.testing.BlackHole;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a device, an operator and the metrics hear of a backend that is not there. */
final class BackendFailureTest {
    private static final Transport.Kind KIND = Transport.Kind.best();

    @Test
    void theDeviceIsToldAndTheFailuresAreCounted() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Ledger.class);
        log.start();
        logger.addAppender(log);
        try (var relay = new RelayFixture(KIND, RelayFixture.backend(refusing()))) {
            for (int i = 0; i < 3; i++) {
                try (Socket device = relay.device()) {
                    assertThat(device.getInputStream().readAllBytes())
                            .asString()
                            .isEqualTo("[BACKEND_FAILED]");
                }
            }
            await().until(() -> relay.sessions() == 0);
            assertThat(relay.metric("staplegate_backend_failures_total{backend=\"broker\"}"))
                    .isEqualTo(3);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).as("once a minute at most").hasSize(1);
        assertThat(log.list.getFirst().getLevel()).isEqualTo(Level.WARN);
        assertThat(log.list.getFirst().getKeyValuePairs()).asString().contains("refused", "broker", "mqtts");
    }

    @Test
    void aDeviceThatLeavesMeanwhileIsForgotten() throws Exception {
        try (BlackHole silent = new BlackHole();
                var relay = new RelayFixture(Transport.Kind.EPOLL, RelayFixture.backend(silent.address()))) {
            Socket device = relay.device();
            await().until(() -> relay.sessions() == 1);
            device.setSoLinger(true, 0);
            device.close();
            await().until(() -> relay.sessions() == 0);
            assertThat(relay.metric("staplegate_backend_failures_total{backend=\"broker\"}"))
                    .as("its leaving is not the backend's failure")
                    .isZero();
        }
    }

    @Test
    void whatADeviceSaysMeanwhileIsKeptEvenIfItLeaves() throws Exception {
        var received = new CompletableFuture<byte[]>();
        try (BlackHole silent = new BlackHole();
                var backend = new TestBackend(connection ->
                        received.complete(connection.getInputStream().readAllBytes()));
                var relay = new RelayFixture(KIND, RelayFixture.backend(silent.address(), backend.address()))) {
            try (Socket device = relay.device()) {
                device.getOutputStream().write("42 degrees".getBytes(US_ASCII));
            }
            assertThat(received.get(10, TimeUnit.SECONDS)).asString().isEqualTo("42 degrees");
            await().until(() -> relay.sessions() == 0);
        }
    }

    /** Netty may speak of a channel that was reset before it was connected. */
    @Test
    void aBackendThatAcceptsAndResetsAtOnceCostsNoError() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.netty.channel");
        log.start();
        logger.addAppender(log);
        try (var backend = new TestBackend(connection -> connection.setSoLinger(true, 0));
                var relay = new RelayFixture(KIND, RelayFixture.backend(backend.address()))) {
            for (int i = 0; i < 200; i++) {
                try (Socket device = relay.device()) {
                    assertThat(device.getInputStream().readAllBytes())
                            .asString()
                            .startsWith("[");
                }
            }
            await().until(() -> relay.sessions() == 0);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).isEmpty();
    }

    private static HostPort refusing() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", closed.getLocalPort());
        }
    }
}
