package io.staplegate.tls;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.bouncycastle.tls.ProtocolVersion;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes at all: an answer, an alert or a wait. Runs on its seeds; with {@code JAZZER_FUZZ=1}, on what it finds. */
class HelloFuzzTest {
    private static final Handshakes HANDSHAKES = handshakes();

    static Stream<byte[]> seeds() throws IOException {
        return Stream.of(
                Hello.of(ProtocolVersion.TLSv13).output(),
                Hello.of(ProtocolVersion.TLSv12).output(),
                new byte[] {22, 3, 1, 0, 0});
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void endsInAnswerAlertOrWait(byte[] bytes) throws IOException {
        TlsEngine engine = new TlsEngine(HANDSHAKES.newPeer());
        try {
            engine.offer(bytes, 0, bytes.length);
        } catch (IOException refused) {
            if (!engine.isClosed()) {
                throw new AssertionError("refused and not closed", refused);
            }
        }
    }

    private static Handshakes handshakes() {
        try {
            return new Server(new Site("EC")).handshakes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
