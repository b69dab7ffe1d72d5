package io.staplegate.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.staplegate.identity.PresharedKeys;
import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.TlsSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions outlive a restart in a file that is of no use to anybody else (R51). */
final class KeptSessionsTest {
    private static final byte[] KEY =
            "thirty-two bytes of no randomness".substring(1).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    private final Site site = new Site("EC");
    private final Listening listening = new Listening(site);
    private final Handshakes before = listening.overDtls();
    private Path file;
    private TlsSession session;

    @BeforeEach
    void keep() throws IOException {
        file = directory.resolve("coaps.sessions");
        Device device = Device.dtls();
        assertThat(device.connect(before).result()).isNotNull();
        session = Objects.requireNonNull(device.session());
        before.keepSessions(file, KEY, "coaps");
    }

    @Test
    void aDeviceComesBackInTheShortHandshakeAfterARestart() {
        assertThat(resumes(takeUp(KEY, "coaps"))).isTrue();
    }

    @Test
    void theTermsHoldAfterARestartToo() {
        listening.serve(false, new Site("EC"));
        assertThat(resumes(takeUp(KEY, "coaps"))).isFalse();
    }

    @Test
    void aSessionOfAPresharedKeyIsKeptWithItsIdentity() throws IOException {
        byte[] psk = new byte[16];
        listening.keys = PresharedKeys.of(Map.of("meter", psk));
        Device first =
                Device.dtls().suites(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8).key("meter", psk);
        assertThat(first.connect(before).result()).isNotNull();
        before.keepSessions(file, KEY, "coaps");

        Device again = Device.dtls()
                .suites(CipherSuite.TLS_PSK_WITH_AES_128_CCM_8)
                .key("meter", psk)
                .resumes(Objects.requireNonNull(first.session()));
        HandshakeResult result = again.connect(takeUp(KEY, "coaps")).result();
        assertThat(again.resumed()).isTrue();
        assertThat(Objects.requireNonNull(result).pskIdentity()).asString().isEqualTo("meter");
    }

    @Test
    void whatHasEndedIsDropped() throws IOException {
        listening.now = listening.now.plus(Duration.ofHours(25));
        Handshakes after = takeUp(KEY, "coaps");
        listening.now = listening.now.minus(Duration.ofHours(25));
        assertThat(resumes(after)).isFalse();
    }

    @Test
    void theFileIsForItsOwnerAloneAndNeverTheSameTwice() throws IOException {
        byte[] first = Files.readAllBytes(file);
        before.keepSessions(file, KEY, "coaps");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readAllBytes(file)).hasSameSizeAs(first).isNotEqualTo(first);
        assertThat(directory.toFile().list()).containsExactly("coaps.sessions");
    }

    @Test
    void itIsOfNoUseWithAnotherKeyOrToAnotherListener() {
        byte[] otherKey = KEY.clone();
        otherKey[31] ^= 1;
        assertThat(resumes(takeUp(otherKey, "coaps"))).isFalse();
        assertThat(resumes(takeUp(KEY, "lwm2m"))).isFalse();
    }

    @Test
    void aFileThatIsNotThereIsNoMatter() throws IOException {
        Files.delete(file);
        assertThat(resumes(takeUp(KEY, "coaps"))).isFalse();
    }

    @Test
    @Timeout(20)
    void aPipeInItsPlaceIsNotOpened() throws Exception {
        Files.delete(file);
        ExternalProgram.named("mkfifo").run(file);
        assertThat(resumes(takeUp(KEY, "coaps"))).isFalse();
    }

    @Test
    void aFileThatIsCutOffAnywhereIsForgotten() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(sessions()).isZero();
        }
    }

    @Test
    void aFileWithAnyByteChangedIsForgotten() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            byte[] changed = whole.clone();
            changed[i] ^= 0x40;
            Files.write(file, changed);
            assertThat(sessions()).isZero();
        }
    }

    @Test
    void aFileLargerThanAllSessionsTogetherIsNotRead() throws IOException {
        Files.write(file, new byte[1000 * 256 + 29]);
        assertThat(sessions()).isZero();
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(sessions()).isZero();
    }

    @Test
    void aFileThatCannotBeWrittenLeavesTheOldOne() throws IOException {
        byte[] old = Files.readAllBytes(file);
        Path missing = directory.resolve("missing").resolve("coaps.sessions");
        assertThatThrownBy(() -> before.keepSessions(missing, KEY, "coaps")).isInstanceOf(IOException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(old);
    }

    @Test
    void aKeyOfAnotherLengthIsAMistakeOfTheCaller() {
        assertThatThrownBy(() -> before.keepSessions(file, new byte[16], "coaps"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key.length == 32: 16");
    }

    private int sessions() {
        return new SessionFile(file, KEY, "coaps").read(1000, listening.now).size();
    }

    private Handshakes takeUp(byte[] key, String listener) {
        Handshakes after = listening.overDtls();
        after.takeUpSessions(file, key, listener);
        return after;
    }

    private boolean resumes(Handshakes listener) {
        Device again = Device.dtls().resumes(session);
        assertThat(again.connect(listener).result()).isNotNull();
        return again.resumed();
    }
}
