package io.staplegate.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.ProtocolVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a device sends ends in an alert or a close, and is counted; the listener goes on. */
final class HostileDeviceTest {
    private static final Site SITE = new Site("EC");
    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;

    private Server server;

    @BeforeEach
    void open() throws IOException {
        server = new Server(SITE).timeout(Duration.ofSeconds(3)).open();
    }

    @AfterEach
    void close() throws Exception {
        try (var socket = new JdkDevice(SITE).connect(server.port(), "TLSv1.3")) {
            assertThat(socket.getSession().isValid()).as("the listener goes on").isTrue();
        }
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0010\u000c\0\u0004MQTT\u0004\u0002\0<\0\0",
                "\u0080.\u0001\u0003\u0001\0\u0015\0\0\0\u0010\u0001\0\u0080\u0003\0\u0080\u0007\0\u00c0",
                "\0\0\0\0\0",
                "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff"
            })
    void whatIsNotTlsIsClosedWithoutAWord(String text) throws IOException {
        assertThat(answerTo(text.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
        awaitFailures(1);
        assertThat(server.ended("closed", "unknown")).isEqualTo(1);
    }

    @Test
    void megabytesOfGarbageAreNotRead() throws IOException {
        byte[] garbage = new byte[10_000_000];
        new Random(1).nextBytes(garbage);
        try (Socket socket = server.connect()) {
            socket.getOutputStream().write(garbage);
        } catch (IOException closed) {
            // while it was being sent
        }
        awaitFailures(1);
    }

    @Test
    void aRecordThatIsTooLongIsRefusedBeforeItHasCome() throws IOException {
        assertThat(answerTo(new byte[] {HANDSHAKE, 3, 1, (byte) 0xFF, (byte) 0xFF, 1}))
                .isEmpty();
        awaitFailures(1);
    }

    @Test
    void aHelloThatIsTooLongIsRefusedBeforeItHasCome() throws IOException {
        assertThat(answerTo(record(HANDSHAKE, new byte[] {1, (byte) 0xFF, 0, 0, 3, 3})))
                .isEmpty();
        awaitFailures(1);
    }

    @Test
    void emptyRecordsAreRefused() throws IOException {
        assertThat(answerTo(record(HANDSHAKE, new byte[0]))).isEmpty();
        assertThat(answerTo(record(ALERT, new byte[0]))).isEmpty();
        assertThat(answerTo(record(APPLICATION_DATA, new byte[0]))).isEmpty();
        awaitFailures(3);
    }

    @Test
    void aDeviceThatSaysNothingIsClosedAtTheTimeout() throws IOException {
        try (Socket socket = server.connect()) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            await().until(() -> server.ended("timeout", "unknown") == 1);
        }
    }

    @Test
    void aDeviceThatDripsIsClosedAtTheTimeout() throws Exception {
        byte[] hello = Hello.of(ProtocolVersion.TLSv13).output();
        try (Socket socket = server.connect()) {
            socket.setSoTimeout(100);
            await().until(() -> {
                socket.getOutputStream().write(hello, 0, 1);
                return server.ended("timeout", "unknown") == 1;
            });
        } catch (IOException closed) {
            // while it was dripping
        }
        await().until(() -> server.listener().connections() == 0);
    }

    @Test
    void aDeviceThatLeavesIsCountedAsClosed() throws IOException {
        byte[] hello = Hello.of(ProtocolVersion.TLSv12).output();
        try (Socket socket = server.connect()) {
            socket.getOutputStream().write(hello);
            socket.getInputStream().readNBytes(100);
        }
        await().until(() -> server.ended("closed", "TLSv1.2") == 1);
    }

    @Test
    void aHelloMayComeByteByByteAndInRecordsOfAByte() throws Exception {
        Hello client = Hello.of(ProtocolVersion.TLSv13);
        byte[] hello = client.output();
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        for (int i = 5; i < hello.length; i++) {
            records.writeBytes(record(HANDSHAKE, new byte[] {hello[i]}));
        }
        try (Socket socket = server.connect()) {
            socket.setTcpNoDelay(true);
            for (byte one : records.toByteArray()) {
                socket.getOutputStream().write(one);
            }
            assertThat(socket.getInputStream().read()).isEqualTo(HANDSHAKE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aHelloThatIsCutShortEndsInSomething(String version) throws IOException {
        byte[] hello = hello(version);
        for (int length = 0; length < hello.length; length += 7) {
            answerTo(Arrays.copyOf(hello, length));
        }
        awaitFailures(Math.ceilDiv(hello.length, 7));
    }

    /** Lengths that lie, versions that do not exist, extensions that are malformed: each byte three ways. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aHelloWithAnyByteChangedEndsInSomething(String version) throws IOException {
        byte[] hello = hello(version);
        for (int position = 0; position < hello.length; position++) {
            for (int change : new int[] {0x01, 0x80, 0xFF}) {
                byte[] changed = hello.clone();
                changed[position] ^= (byte) change;
                answerTo(changed);
            }
        }
        await().until(() -> ended() == 3 * hello.length);
    }

    @Test
    void aFloodOfChangeCipherSpecsEnds() throws Exception {
        byte[] hello = Hello.of(ProtocolVersion.TLSv13).output();
        ByteArrayOutputStream flood = new ByteArrayOutputStream();
        flood.writeBytes(hello);
        for (int i = 0; i < 30_000; i++) {
            flood.writeBytes(record(CHANGE_CIPHER_SPEC, new byte[] {1}));
        }
        answerTo(flood.toByteArray());
        awaitFailures(1);
        assertThat(server.ended("timeout", "TLSv1.3")).isZero();
    }

    /** A socket that is closed answers what still comes with a reset, which would take the alert away. */
    @Test
    void aDeviceThatGoesOnTalkingHearsWhyItIsRefusedAndIsNotReset() throws IOException {
        try (Socket socket = refused()) {
            for (int i = 0; i < 5; i++) {
                socket.getOutputStream().write(record(HANDSHAKE, new byte[1000]));
            }
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            await().until(() -> server.listener().connections() == 0);
        }
    }

    @Test
    void aDeviceThatHasHeardWhyIsNotListenedToForLong() throws IOException {
        try (Socket idle = refused();
                Socket flooding = refused()) {
            assertThatThrownBy(() -> flooding.getOutputStream().write(new byte[10_000_000]))
                    .isInstanceOf(IOException.class);
            await().until(() -> server.listener().connections() == 0);
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** A device that finishes before it has begun, and has heard what is thought of that. */
    private Socket refused() throws IOException {
        Socket socket = server.connect();
        socket.getOutputStream().write(hello("TLSv1.2"));
        socket.getOutputStream().write(record(HANDSHAKE, new byte[] {HandshakeType.finished, 0, 0, 0}));
        byte[] heard = socket.getInputStream().readAllBytes();
        assertThat(Arrays.copyOfRange(heard, heard.length - 7, heard.length))
                .startsWith(ALERT, 3, 3, 0, 2, AlertLevel.fatal, AlertDescription.unexpected_message);
        return socket;
    }

    private byte[] hello(String version) throws IOException {
        return Hello.of(version.equals("TLSv1.3") ? ProtocolVersion.TLSv13 : ProtocolVersion.TLSv12)
                .output();
    }

    private static byte[] record(int type, byte[] content) {
        byte[] record = new byte[5 + content.length];
        record[0] = (byte) type;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (content.length >> 8);
        record[4] = (byte) content.length;
        System.arraycopy(content, 0, record, 5, content.length);
        return record;
    }

    /** Sends some bytes, ends the stream, and returns what comes until the server ends its own. */
    private byte[] answerTo(byte[] bytes) throws IOException {
        try (Socket socket = server.connect()) {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return socket.getInputStream().readAllBytes();
        } catch (IOException reset) {
            return new byte[0];
        }
    }

    private void awaitFailures(int count) {
        await().until(() -> ended() == count);
        assertThat(server.ended("ok", "TLSv1.3")).isZero();
        await().until(() -> server.listener().connections() == 0);
    }

    private double ended() {
        return server.telemetry
                .scrape("text/plain; version=0.0.4")
                .lines()
                .filter(line -> line.startsWith("staplegate_handshakes_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
