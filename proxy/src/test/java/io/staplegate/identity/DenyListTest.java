package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of devices that are kept out: what its lines say, and what is wrong with them. */
class DenyListTest {
    private static final String DIGEST = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private static final Fingerprint FINGERPRINT = Fingerprint.parse(DIGEST);
    private static final Fingerprint OTHER = Fingerprint.parse("ff".repeat(32));
    private static final X500Principal CA = new X500Principal("CN=Devices CA, O=Example, C=DE");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aLineIsASerialOfACaOrAFingerprintOrAName() throws IOException {
        DenyList list = list("""
                # stolen on Monday
                serial:0A:1b issuer:CN=Devices CA,O=Example,C=DE
                  sha256:%s

                name: meter 7
                """.formatted(DIGEST));

        assertThat(list.hasCertificate(List.of(OTHER), BigInteger.valueOf(0x0a1b), CA))
                .isTrue();
        assertThat(list.hasCertificate(List.of(OTHER), BigInteger.valueOf(0x0a1c), CA))
                .isFalse();
        assertThat(list.hasCertificate(List.of(OTHER), BigInteger.valueOf(0x0a1b), new X500Principal("CN=Other CA")))
                .isFalse();
        assertThat(list.hasCertificate(List.of(FINGERPRINT), BigInteger.ONE, CA))
                .isTrue();
        assertThat(list.hasName("meter 7")).isTrue();
        assertThat(list.hasName("meter")).isFalse();
        assertThat(list.hasName(null)).isFalse();
        assertThat(list.size()).isEqualTo(3);
    }

    @Test
    void aCommentBehindANameIsAPartOfItAndWarnedOf() throws IOException {
        Path path = Files.writeString(folder.resolve("denied.txt"), "name:meter-7 # stolen\n");

        DenyList.Reading reading = DenyList.read(new FileReference("denied.txt", path));

        assertThat(reading.list()).isNotNull().returns(true, list -> list.hasName("meter-7 # stolen"));
        assertThat(reading.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.isError()).isFalse();
            assertThat(problem.message()).startsWith("line 1 of \"denied.txt\" has \" #\" in it");
        });
    }

    @Test
    void aFingerprintIsTakenAsOpenSslPrintsIt() throws IOException {
        String printed = DIGEST.toUpperCase(java.util.Locale.ROOT).replaceAll("..(?!$)", "$0:");

        assertThat(list("sha256:" + printed).hasCertificate(List.of(FINGERPRINT), BigInteger.ONE, CA))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cn=devices ca,o=example,c=de",
                "CN=Devices  CA, O=Example, C=DE",
                "2.5.4.3=Devices CA,O=Example,C=DE"
            })
    void aCasNameIsComparedAsNamesAre(String written) throws IOException {
        assertThat(list("serial:1 issuer:" + written).hasCertificate(List.of(OTHER), BigInteger.ONE, CA))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nobody\n"})
    void nobodyMayBeOnIt(String content) throws IOException {
        assertThat(list(content).size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "thermostat | begins with none of \"serial:\", \"sha256:\" and \"name:\"",
                "serial:xyz issuer:CN=CA | has a serial that is not hex",
                "serial:1 | has a serial and no issuer",
                "serial:1 CN=CA | has a serial and no issuer",
                "serial:1 issuer:the CA | has an issuer that is no distinguished name",
                "sha256:1234 | has a fingerprint that is not 64 hex digits",
                "sha256: | has a fingerprint that is not 64 hex digits",
                "name: | has no name behind \"name:\"",
                "name:\uFFFD | is not UTF-8"
            })
    void whatIsWrongIsToldWithItsLine(String line, String problem) throws IOException {
        DenyList.Reading reading = read("# a comment\nname:fine\n" + line + "\n");

        assertThat(reading.list()).isNull();
        assertThat(reading.problems())
                .singleElement()
                .extracting(Problem::path, Problem::message)
                .containsExactly("devices.denyList", "line 3 of \"denied.txt\" " + problem);
    }

    @Test
    void manyErrorsAreSummedUp() throws IOException {
        DenyList.Reading reading = read("wrong\n".repeat(25));

        assertThat(reading.problems()).hasSize(21);
        assertThat(reading.problems().stream().map(Problem::message).collect(Collectors.joining("\n")))
                .endsWith("\"denied.txt\" has 5 more lines that are wrong");
    }

    @Test
    void aFileThatIsNotThereIsAnError() {
        DenyList.Reading reading = DenyList.read(new FileReference("denied.txt", folder.resolve("denied.txt")));

        assertThat(reading.list()).isNull();
        assertThat(reading.problems())
                .singleElement()
                .extracting(Problem::message)
                .isEqualTo("\"denied.txt\" does not exist");
    }

    private DenyList list(String content) throws IOException {
        DenyList.Reading reading = read(content);
        assertThat(reading.problems()).isEmpty();
        @Nullable DenyList list = reading.list();
        return Objects.requireNonNull(list);
    }

    private DenyList.Reading read(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("denied.txt"), content);
        return DenyList.read(new FileReference("denied.txt", file));
    }
}
