package io.staplegate.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.staplegate.handshake.Site;
import io.staplegate.relay.SessionSignal;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.tls.ProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a session after its handshake: bytes, ends, failures, back-pressure. */
final class SessionTest {
    private static final Site SITE = new Site("EC");
    private static final JdkDevice DEVICE = new JdkDevice(SITE);

    private final Recorder relay = new Recorder();
    private Server server;

    @BeforeEach
    void open() throws IOException {
        Iterator<Recorder> relays = List.of(relay, new Recorder()).iterator();
        server = new Server(SITE).sessions(relays::next).open();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void manyBytesArriveAsTheyWereSentBothWays(String version) throws Exception {
        byte[] sent = new byte[5_000_000];
        new Random(1).nextBytes(sent);
        try (Server echoing = new Server(SITE).open();
                SSLSocket socket = DEVICE.connect(echoing.port(), version)) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
                try {
                    return socket.getInputStream().readNBytes(sent.length);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            socket.getOutputStream().write(sent);
            assertThat(java.util.Arrays.equals(received.get(30, TimeUnit.SECONDS), sent))
                    .isTrue();
        }
    }

    @Test
    void aTls13DeviceThatHasEndedStillHearsTheAnswer() throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), "TLSv1.3")) {
            socket.getOutputStream().write("question".getBytes(UTF_8));
            socket.shutdownOutput();
            await().until(() -> relay.events.contains("ended"));
            assertThat(relay.text()).isEqualTo("question");
            relay.say("answer");
            relay.signal(SessionSignal.END_OF_STREAM);
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("answer");
            await().until(() -> relay.events.contains("closed"));
        }
    }

    @Test
    void aTls13DeviceMaySendOnAfterTheBackendHasEnded() throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), "TLSv1.3")) {
            relay.say("greeting");
            relay.signal(SessionSignal.END_OF_STREAM);
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("greeting");
            socket.getOutputStream().write("afterthought".getBytes(UTF_8));
            await().until(() -> relay.text().equals("afterthought"));
            socket.shutdownOutput();
            await().until(() -> relay.events.contains("closed"));
            assertThat(relay.events).contains("ended");
        }
    }

    @Test
    void aTls12CloseNotifyEndsBothDirectionsBehindWhatWasSent() throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), "TLSv1.2")) {
            socket.getOutputStream().write("last words".getBytes(UTF_8));
        }
        await().until(() -> relay.events.contains("closed"));
        assertThat(relay.text()).isEqualTo("last words");
        assertThat(relay.events).containsSubsequence("ended", "closed");
    }

    @Test
    void anEndOfStreamClosesATls12SessionBehindWhatWasSent() throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), "TLSv1.2")) {
            relay.say("last words");
            relay.signal(SessionSignal.END_OF_STREAM);
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("last words");
            await().until(() -> relay.events.contains("closed"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aDeviceThatJustStopsHasNotEndedItsStream(String version) throws Exception {
        try (Socket below = server.connect();
                SSLSocket socket = DEVICE.over(below, version)) {
            socket.getOutputStream().write("half a mess".getBytes(UTF_8));
            await().until(() -> relay.text().equals("half a mess"));
            below.shutdownOutput();
            await().until(() -> relay.events.contains("closed"));
            assertThat(relay.events).doesNotContain("ended");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aFailedBackendIsToldByAnAlert(String version) throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), version)) {
            relay.signal(SessionSignal.BACKEND_FAILED);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("internal_error");
            await().until(() -> relay.events.contains("closed"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aShutdownSaysGoodbyeToEveryDevice(String version) throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), version);
                Socket shakingHands = server.connect()) {
            relay.context();
            await().until(() -> server.listener().connections() == 2);
            server.listener().shutdown(Duration.ofSeconds(5));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(shakingHands.getInputStream().read()).isEqualTo(-1);
            await().until(() -> server.listener().connections() == 0);
        }
    }

    @Test
    void anIdleSessionEndsWithAGoodbye() throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), "TLSv1.3")) {
            relay.signal(SessionSignal.IDLE);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            await().until(() -> relay.events.contains("closed"));
        }
    }

    @Test
    void whatNobodyReadsStaysWithTheDevice() throws Exception {
        relay.readsOn = false;
        AtomicLong sent = new AtomicLong();
        try (SSLSocket socket = DEVICE.connect(server.port(), "TLSv1.3")) {
            byte[] chunk = new byte[64 * 1024];
            Thread sending = Thread.ofVirtual().start(() -> {
                try {
                    while (sent.get() < 16_000_000) {
                        socket.getOutputStream().write(chunk);
                        sent.addAndGet(chunk.length);
                    }
                } catch (IOException e) {
                    // closed at the end of the test
                }
            });
            await().during(500, TimeUnit.MILLISECONDS).until(() -> {
                long before = sent.get();
                return before > 0 && before == sent.get() && before < 16_000_000;
            });
            assertThat(relay.bytes.get()).isZero();
            relay.readsOn = true;
            relay.context().read();
            sending.join();
            await().atMost(30, TimeUnit.SECONDS).until(() -> relay.bytes.get() == sent.get());
            relay.signal(SessionSignal.END_OF_STREAM);
        }
    }

    @Test
    void aDeviceThatDoesNotReadIsNotWritable() throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), "TLSv1.3")) {
            var context = relay.context();
            await().until(() -> {
                for (int i = 0; i < 100 && context.channel().isWritable(); i++) {
                    context.writeAndFlush(Unpooled.wrappedBuffer(new byte[16 * 1024]))
                            .await(100);
                }
                return !context.channel().isWritable();
            });
            assertThat(context.channel().unsafe().outboundBuffer().totalPendingWriteBytes())
                    .isLessThan(200_000);
            while (!context.channel().isWritable()) {
                assertThat(socket.getInputStream().readNBytes(16 * 1024)).hasSize(16 * 1024);
            }
        }
    }

    /** Finished, data, close_notify and FIN in one segment, while the relay is still connecting to its backend. */
    @Test
    void whatComesBehindTheHandshakeWaitsForTheRelay() throws Exception {
        relay.readsOn = false;
        Hello client = Hello.of(ProtocolVersion.TLSv13);
        try (Socket socket = server.connect()) {
            socket.getOutputStream().write(client.output());
            byte[] bytes = new byte[16 * 1024];
            while (client.engine().isHandshaking()) {
                int length = socket.getInputStream().read(bytes);
                client.engine().offerInput(bytes, 0, length);
            }
            client.engine().writeApplicationData("early".getBytes(UTF_8), 0, 5);
            byte[] both = client.output();
            socket.getOutputStream().write(both);
            relay.context();
            assertThat(relay.events).isEmpty();
            relay.context().read();
            await().until(() -> relay.text().equals("early"));
            client.engine().endOutput();
            socket.getOutputStream().write(client.output());
            socket.shutdownOutput();
            await().until(() -> relay.events.contains("ended"));
            relay.say("answer");
            relay.signal(SessionSignal.END_OF_STREAM);
            client.engine().offerInput(socket.getInputStream().readAllBytes());
            assertThat(client.engine().getAvailableInputBytes()).isEqualTo(6);
        }
    }

    @Test
    void aWriteAfterTheEndFailsAndDoesNotLeak() throws Exception {
        try (SSLSocket socket = DEVICE.connect(server.port(), "TLSv1.3")) {
            relay.signal(SessionSignal.END_OF_STREAM);
            var late = Unpooled.wrappedBuffer("late".getBytes(UTF_8));
            assertThat(relay.context().writeAndFlush(late).await().isSuccess()).isFalse();
            await().until(() -> late.refCnt() == 0);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }
}
