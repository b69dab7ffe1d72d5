package io.staplegate.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.handshake.ServerPeer;
import io.staplegate.handshake.Site;
import io.staplegate.staple.ChainStaples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.MaxFragmentLength;
import org.bouncycastle.tls.ProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine adds to Bouncy Castle's, in memory. */
final class TlsEngineTest {
    private static final ProtocolVersion TLS13 = ProtocolVersion.TLSv13;
    private static final ProtocolVersion TLS12 = ProtocolVersion.TLSv12;
    private static final Site SITE = new Site("EC");

    private final ByteArrayOutputStream plaintext = new ByteArrayOutputStream();
    private Hello client;
    private ServerPeer peer;
    private TlsEngine engine;

    TlsEngineTest() throws IOException {
        client = Hello.of(TLS13);
        peer = new Server(SITE).handshakes().newPeer();
        engine = new TlsEngine(peer);
    }

    @Test
    void aTls13FlightIsOneRecordBehindTheServerHello() throws IOException {
        start(TLS13, new Server(SITE), (short) 0);
        assertThat(records(flight()))
                .extracting(record -> (short) record.get(0))
                .containsExactly(ContentType.handshake, ContentType.change_cipher_spec, ContentType.application_data);
    }

    @Test
    void aTls12FlightIsOneRecord() throws IOException {
        start(TLS12, new Server(SITE), (short) 0);
        assertThat(records(flight())).hasSize(1);
    }

    @Test
    void aFlightThatIsTooLongForARecordTakesMore() throws IOException {
        for (ProtocolVersion version : List.of(TLS13, TLS12)) {
            byte[] huge = new byte[40_000];
            Server server = new Server(SITE);
            server.staples.put(
                    SITE.identity(), new ChainStaples(List.of(SITE.staple(huge, huge), SITE.staple(1)), false));
            start(version, server, (short) 0);
            assertThat(records(flight())).hasSizeBetween(3, 5);
        }
    }

    @Test
    void aFlightKeepsToTheLengthThatTheClientAsksFor() throws IOException {
        for (ProtocolVersion version : List.of(TLS13, TLS12)) {
            start(version, new Server(SITE), MaxFragmentLength.pow2_9);
            assertThat(records(flight()).stream().skip(1)).allMatch(record -> record.remaining() <= 5 + 512 + 17);
        }
    }

    @Test
    void dataBehindTheFinishedWaitsUntilItIsWanted() throws IOException {
        start(TLS13, new Server(SITE), (short) 0);
        client.engine().offerInput(flight());
        client.engine().writeApplicationData("early".getBytes(UTF_8), 0, 5);
        byte[] both = client.output();
        int consumed = engine.offer(both, 0, both.length);
        assertThat(peer.result()).isNotNull();
        assertThat(consumed).isLessThan(both.length);
        assertThat(plaintext.size()).isZero();
        engine.offer(both, consumed, both.length - consumed);
        assertThat(plaintext.toString(UTF_8)).isEqualTo("early");
    }

    @Test
    void aRecordThatHasNotComeWhollyIsNotConsumed() throws IOException {
        shakeHands(TLS13);
        client.engine().writeApplicationData("data".getBytes(UTF_8), 0, 4);
        byte[] record = client.output();
        for (int length = 0; length < record.length; length++) {
            assertThat(engine.offer(record.clone(), 0, length)).isZero();
        }
        assertThat(engine.offer(record, 0, record.length)).isEqualTo(record.length);
        assertThat(plaintext.toString(UTF_8)).isEqualTo("data");
    }

    @Test
    void aFloodOfKeyUpdatesEnds() throws IOException {
        shakeHands(TLS13);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        client.engine().keyUpdate(true);
                        offerAll();
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(peer.alertSent()).isEqualTo(AlertDescription.unexpected_message);
    }

    @Test
    void keyUpdatesAmongDataAreFineAndAreAnsweredWithTheNextData() throws IOException {
        shakeHands(TLS13);
        for (int i = 0; i < 100; i++) {
            client.engine().keyUpdate(true);
            client.engine().writeApplicationData(new byte[] {1}, 0, 1);
            offerAll();
            engine.writeApplicationData(new byte[] {2}, 0, 1);
            client.engine().offerInput(output());
            assertThat(client.engine().readInput(new byte[1], 0, 1)).isEqualTo(1);
        }
        assertThat(plaintext.size()).isEqualTo(100);
    }

    @Test
    void aFloodOfEmptyRecordsOrWarningsEnds() throws IOException {
        for (ProtocolVersion version : List.of(TLS13, TLS12)) {
            shakeHands(version);
            assertThatThrownBy(() -> flood(ContentType.application_data)).isInstanceOf(IOException.class);
            shakeHands(version);
            assertThatThrownBy(() ->
                            flood(ContentType.alert, (byte) AlertLevel.warning, (byte) AlertDescription.user_canceled))
                    .isInstanceOf(IOException.class);
        }
    }

    private void flood(short type, byte... content) throws IOException {
        for (int i = 0; i < 100; i++) {
            client.engine().record(type, content);
            offerAll();
        }
    }

    @Test
    void renegotiationIsRefusedAndInTheEndFatal() throws IOException {
        shakeHands(TLS12);
        byte[] hello = Hello.of(TLS12).output();
        byte[] message = java.util.Arrays.copyOfRange(hello, 5, hello.length);
        for (int i = 0; i < 3; i++) {
            client.engine().record(ContentType.handshake, message);
            offerAll();
            assertThat(records(output())).hasSize(1);
            client.engine().writeApplicationData(new byte[] {1}, 0, 1);
            offerAll();
        }
        assertThat(plaintext.size()).isEqualTo(3);
        client.engine().record(ContentType.handshake, message);
        assertThatThrownBy(this::offerAll).isInstanceOf(IOException.class);
        assertThat(peer.alertSent()).isEqualTo(AlertDescription.handshake_failure);
    }

    @Test
    void aFloodInTheHandshakeEnds() throws IOException {
        start(TLS13, new Server(SITE), (short) 0);
        flight();
        byte[] changeCipherSpec = {20, 3, 3, 0, 1, 1};
        for (int i = 0; i < 30_000 && !engine.isClosed(); i++) {
            engine.offer(changeCipherSpec.clone(), 0, changeCipherSpec.length);
        }
        assertThat(engine.isClosed()).isTrue();
        assertThat(peer.alertSent()).isEqualTo(AlertDescription.unexpected_message);
    }

    @Test
    void tls13EndsEachDirectionOnItsOwn() throws IOException {
        shakeHands(TLS13);
        client.engine().endOutput();
        offerAll();
        assertThat(engine.isInputEnded()).isTrue();
        assertThat(engine.isClosed()).isFalse();
        engine.writeApplicationData("still here".getBytes(UTF_8), 0, 10);
        client.engine().offerInput(output());
        assertThat(client.engine().getAvailableInputBytes()).isEqualTo(10);
        engine.endOutput();
        assertThat(engine.isClosed()).isTrue();
        assertThat(records(output())).hasSize(1);
    }

    @Test
    void tls13GoesOnReadingBehindItsOwnEnd() throws IOException {
        shakeHands(TLS13);
        engine.endOutput();
        engine.endOutput();
        assertThat(records(output())).hasSize(1);
        client.engine().writeApplicationData("more".getBytes(UTF_8), 0, 4);
        client.engine().endOutput();
        offerAll();
        assertThat(plaintext.toString(UTF_8)).isEqualTo("more");
        assertThat(engine.isClosed()).isTrue();
        assertThat(output()).isEmpty();
    }

    @Test
    void tls12EndsBothDirectionsAtOnce() throws IOException {
        shakeHands(TLS12);
        client.engine().endOutput();
        offerAll();
        assertThat(engine.isInputEnded()).isTrue();
        assertThat(engine.isClosed()).isTrue();
        assertThat(records(output())).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 20})
    void aRecordThatWasTamperedWithIsFatal(int position) throws IOException {
        for (ProtocolVersion version : List.of(TLS13, TLS12)) {
            shakeHands(version);
            client.engine().writeApplicationData("data".getBytes(UTF_8), 0, 4);
            byte[] record = client.output();
            record[position] ^= 1;
            assertThatThrownBy(() -> engine.offer(record, 0, record.length)).isInstanceOf(IOException.class);
            assertThat(engine.isClosed()).isTrue();
            assertThat(plaintext.size()).isZero();
            assertThatThrownBy(() -> client.engine().offerInput(output())).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFailureIsToldByItsAlert() throws IOException {
        shakeHands(TLS13);
        engine.fail(AlertDescription.internal_error, "a test");
        byte[] alert = output();
        assertThatThrownBy(() -> client.engine().offerInput(alert)).isInstanceOf(IOException.class);
        assertThat(client.alert).isEqualTo(AlertDescription.internal_error);
    }

    private void start(ProtocolVersion version, Server server, short fragmentLength) throws IOException {
        plaintext.reset();
        client = Hello.of(version, fragmentLength);
        peer = server.handshakes().newPeer();
        engine = new TlsEngine(peer);
        engine.deliverTo(plaintext::write);
    }

    /** The server's first flight. */
    private byte[] flight() throws IOException {
        offerAll();
        return output();
    }

    private void shakeHands(ProtocolVersion version) throws IOException {
        start(version, new Server(SITE), (short) 0);
        while (peer.result() == null || client.engine().isHandshaking()) {
            offerAll();
            client.engine().offerInput(output());
        }
    }

    private void offerAll() throws IOException {
        byte[] bytes = client.output();
        engine.offer(bytes, 0, bytes.length);
    }

    private byte[] output() {
        byte[] bytes = new byte[engine.getAvailableOutputBytes()];
        engine.readOutput(bytes, 0, bytes.length);
        return bytes;
    }

    private static List<ByteBuffer> records(byte[] bytes) {
        List<ByteBuffer> records = new ArrayList<>();
        for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
            int length = 5 + rest.getShort(rest.position() + 3);
            records.add(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
        return records;
    }
}
