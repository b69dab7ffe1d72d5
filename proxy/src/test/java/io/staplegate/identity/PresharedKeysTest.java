package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.staplegate.config.Configuration;
import io.staplegate.config.DtlsConfig;
import io.staplegate.config.FileReference;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.Problem;
import io.staplegate.identity.IdentityTable.Loading;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of pre-shared keys: what is read from it, what is wrong with it, and that no message ever has a key in it. */
class PresharedKeysTest {
    private static final String KEY = "00112233445566778899aabbccddeeff";
    private static final String OTHER_KEY = "FFEEDDCCBBAA99887766554433221100";

    private Pki pki = new Pki(Path.of(""));

    @BeforeEach
    void prepare(@TempDir Path folder) {
        pki = new Pki(folder);
    }

    @Test
    void aLineIsAnIdentityAndAKey() {
        PresharedKeys keys = keys("meter-7:" + KEY + "\nZähler:" + OTHER_KEY);

        assertThat(keys.isEmpty()).isFalse();
        assertThat(key(keys, "meter-7")).isEqualToIgnoringCase(KEY);
        assertThat(key(keys, "Zähler")).isEqualToIgnoringCase(OTHER_KEY);
        assertThat(keys.key("meter-8".getBytes(StandardCharsets.UTF_8))).isNull();
        assertThat(keys.key(new byte[] {-1})).isNull();
    }

    @Test
    void theLastColonDivides() {
        assertThat(key(keys("urn:imei:490154203237518:" + KEY), "urn:imei:490154203237518"))
                .isEqualTo(KEY);
    }

    @Test
    void commentsBlankLinesAndSpacesAreSkipped() {
        PresharedKeys keys = keys("\uFEFF# fleet:one\r\n\r\n  \t\r\n  meter-7 : " + KEY + "  \r\n#meter-8:" + KEY);

        assertThat(key(keys, "meter-7")).isEqualTo(KEY);
        assertThat(keys.key("meter-8".getBytes(StandardCharsets.UTF_8))).isNull();
    }

    /** The engine overwrites a key when it has used it. */
    @Test
    void aKeyIsACopy() {
        PresharedKeys keys = keys("meter-7:" + KEY);
        Objects.requireNonNull(keys.key("meter-7".getBytes(StandardCharsets.UTF_8)))[0] = 42;
        assertThat(key(keys, "meter-7")).isEqualTo(KEY);
    }

    @Test
    void theLongestThatEveryDeviceTakesIsFine() {
        String identity = "ä".repeat(64);
        String key = KEY.repeat(4);
        assertThat(key(keys(identity + ":" + key), identity)).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "meter-7 " + KEY + "                  | has no colon",
                KEY + "                               | has no colon",
                ":" + KEY + "                         | has no identity before the colon",
                "meter-7:                             | has no key after the colon",
                "meter-7:" + KEY + "0                 | has a key that is not hex",
                "meter-7:0x" + KEY + "                | has a key that is not hex",
                KEY + ":meter-7                       | has a key that is not hex",
                "m\uFFFDter:" + KEY + "               | is not UTF-8"
            })
    void aLineThatIsWrongIsToldByItsNumber(String line, String message) {
        List<Problem> problems = problems("# first\n" + line.strip() + "\n");

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.path()).isEqualTo("listeners[0].dtls.psk");
            assertThat(problem.message()).isEqualTo("line 2 of \"devices.psk\" " + message);
        });
    }

    @Test
    void whatIsTooLongIsToldByItsLine() {
        assertThat(messages("ä".repeat(65) + ":" + KEY + "\nmeter:" + KEY.repeat(4) + "00"))
                .containsExactly(
                        "line 1 of \"devices.psk\" has an identity of more than 128 bytes",
                        "line 2 of \"devices.psk\" has a key of more than 64 bytes");
    }

    @Test
    void anIdentityIsThereOnlyOnce() {
        assertThat(messages("meter-7:" + KEY + "\n\nmeter-7:" + OTHER_KEY))
                .containsExactly("line 3 of \"devices.psk\" repeats the identity of line 1");
    }

    @Test
    void bytesThatAreNotUtf8AreAnError() throws IOException {
        Path file = pki.folder.resolve("devices.psk");
        pki.writeSecret("devices.psk", "");
        Files.write(file, ("Z\u00e4hler:" + KEY).getBytes(StandardCharsets.ISO_8859_1));
        assertThat(load().problems())
                .extracting(Problem::message)
                .containsExactly("line 1 of \"devices.psk\" is not UTF-8");
    }

    @Test
    void afterTwentyLinesTheRestIsCounted() {
        List<String> messages = messages("nonsense\n".repeat(30));
        assertThat(messages).hasSize(21).last().isEqualTo("\"devices.psk\" has 10 more lines that are wrong");
    }

    @Test
    void shortKeysAreAWarningForAllOfThem() {
        Loading loading = loading("a:00112233\nb:0011\nc:" + KEY);

        assertThat(loading.table()).isNotNull();
        assertThat(loading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.message()).isEqualTo("\"devices.psk\" has keys of less than 16 bytes: 2");
        });
    }

    @Test
    void aFileThatEveryUserCanReadIsAWarning() throws IOException {
        pki.writeSecret("devices.psk", "meter-7:" + KEY);
        Files.setPosixFilePermissions(pki.folder.resolve("devices.psk"), PosixFilePermissions.fromString("rw-r--r--"));

        Loading loading = load();

        assertThat(loading.table()).isNotNull();
        assertThat(loading.problems())
                .extracting(Problem::render)
                .containsExactly("warning: listeners[0].dtls.psk: \"devices.psk\" can be read by every user\n"
                        + "hint: chmod 600 devices.psk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"# nothing\n", "\n\n#\n"})
    void aFileWithoutKeysIsAnError(String text) {
        assertThat(messages(text)).containsExactly("\"devices.psk\" has no key");
    }

    @Test
    void aFileThatCannotBeReadIsAnError() throws IOException {
        assertThat(messagesOfFile()).containsExactly("\"devices.psk\" does not exist");
        pki.writeSecret("devices.psk", "");
        assertThat(messagesOfFile()).containsExactly("\"devices.psk\" is empty");

        Path file = pki.folder.resolve("devices.psk");
        try (RandomAccessFile huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.setLength(TextFile.MOST_OF_KEYS + 1L);
        }
        assertThat(messagesOfFile()).containsExactly("\"devices.psk\" cannot be read (it is larger than 32 MiB)");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(messagesOfFile()).containsExactly("\"devices.psk\" cannot be read (it is a directory)");
    }

    @Test
    void aFileWithoutPermissionIsNamed() throws IOException {
        pki.writeSecret("devices.psk", "meter-7:" + KEY);
        Path file = pki.folder.resolve("devices.psk");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("root may read all").isFalse();

        assertThat(messagesOfFile()).containsExactly("\"devices.psk\" cannot be read (permission denied)");
    }

    @Test
    void theKeysOfALargeFleetAreReadAndWatched() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            text.append("device-").append(i).append(':').append(KEY).append('\n');
        }
        pki.writeSecret("devices.psk", text.toString());
        Path file = pki.folder.resolve("devices.psk");
        WatchedFile watched = new WatchedFile(file);
        String digest = watched.digest(Pki.NOW);

        assertThat(key(Objects.requireNonNull(load().table()).presharedKeys("coaps"), "device-99999"))
                .isEqualTo(KEY);
        Files.writeString(file, text.substring(0, text.length() - 2) + "0\n");
        assertThat(watched.digest(Pki.NOW)).isNotEqualTo(digest);
    }

    @Test
    void aListenerHasTheKeysOfItsOwnFileAndAllFilesAreWatched() {
        pki.writeSecret("devices.psk", "meter-7:" + KEY);
        Configuration configuration = Pki.configuration(
                List.of(), List.of(listener("coaps", pki.file("devices.psk")), listener("lwm2m", null)), null);

        IdentityTable table = Objects.requireNonNull(
                IdentityTable.load(configuration, Pki.NOW).table());

        assertThat(key(table.presharedKeys("coaps"), "meter-7")).isEqualTo(KEY);
        assertThat(table.presharedKeys("lwm2m").isEmpty()).isTrue();
        assertThatThrownBy(() -> table.presharedKeys("mqtts")).isInstanceOf(IllegalArgumentException.class);
        assertThat(table.files()).containsExactly(pki.folder.resolve("devices.psk"));
        assertThat(IdentityTable.files(configuration)).containsExactly(pki.folder.resolve("devices.psk"));
    }

    private PresharedKeys keys(String text) {
        Loading loading = loading(text);
        assertThat(loading.problems()).isEmpty();
        return Objects.requireNonNull(loading.table()).presharedKeys("coaps");
    }

    private Loading loading(String text) {
        pki.writeSecret("devices.psk", text);
        return load();
    }

    private Loading load() {
        return IdentityTable.load(
                Pki.configuration(List.of(), List.of(listener("coaps", pki.file("devices.psk"))), null), Pki.NOW);
    }

    private List<Problem> problems(String text) {
        List<Problem> problems = loading(text).problems();
        assertThat(problems)
                .extracting(problem -> problem.render().toLowerCase(Locale.ROOT))
                .allSatisfy(message -> assertThat(message).doesNotContain("00112233", "ffeeddcc"));
        return problems;
    }

    private List<String> messages(String text) {
        return problems(text).stream().map(Problem::message).toList();
    }

    private List<String> messagesOfFile() {
        return load().problems().stream()
                .filter(Problem::isError)
                .map(Problem::message)
                .toList();
    }

    private static String key(PresharedKeys keys, String identity) {
        byte[] key = keys.key(identity.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(Objects.requireNonNull(key));
    }

    private static ListenerConfig listener(String name, @Nullable FileReference psk) {
        ListenerConfig tls = Pki.listener(name, false);
        return new ListenerConfig(
                name,
                tls.bind(),
                ListenerConfig.Protocol.DTLS,
                List.of(),
                tls.backend(),
                false,
                List.of(),
                tls.handshakeTimeout(),
                null,
                1,
                0,
                null,
                new DtlsConfig(1232, Duration.ofSeconds(1), 6, false, 1, 1, false, null, psk));
    }
}
