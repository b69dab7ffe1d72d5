package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.OcspReply;
import io.staplegate.staple.Imported;
import io.staplegate.staple.PortableResponse;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code export} from a proxy that reaches the CA, and {@code import} into one that does not. */
@Timeout(120)
final class CarryCommandsTest {
    @TempDir
    private Path folder;

    private Path medium;
    private Site site;
    private Proxy proxy;

    @BeforeEach
    void exportAndCutOff() throws Exception {
        medium = folder.resolve("medium");
        site = Site.in(folder);
        proxy = site.start();
        assertThat(export().exit()).isZero();
        proxy.close();
        site.replace("    issuers: ca.pem", "    issuers: ca.pem\n    responders: ['http://127.0.0.1:1/']");
        site.replace("/state'", "/behind'");
        proxy = site.start();
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        site.close();
    }

    @Test
    void whatOneProxyExportsAnotherImports() throws Exception {
        assertThat(exported()).hasSize(2).allSatisfy(file -> {
            assertThat(file.getFileName().toString()).matches(PortableResponse.FILE_NAME);
            assertThat(Files.getLastModifiedTime(file).toInstant()).isBefore(Instant.now());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-r--r--");
        });

        Outcome first = importing();
        assertThat(first.exit()).isZero();
        assertThat(first.out().lines())
                .hasSize(2)
                .allMatch(line -> line.matches("\"[0-9a-f-]+\\.ocsp\": accepted "
                        + "\\(certificate [0-9a-f]+, \\d+s old, ends in (7h 59m|8h 0m)\\)"));
        assertThat(first.err()).contains("2 files: 2 accepted");

        Outcome second = importing();
        assertThat(second.exit()).isZero();
        assertThat(second.err()).contains("2 files: 2 not newer");
        assertThat(Outcome.of("staples", "--admin", url()).out()).contains(" good ");
    }

    /** The times of the files that were carried in are the only ones that it has. */
    @Test
    void anApplianceWithoutAClockImportsToo() throws Exception {
        proxy.close();
        proxy = site.start(Duration.ofHours(1), () -> Instant.EPOCH);

        Outcome outcome = importing();

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.err()).contains("2 files: 2 accepted");
    }

    @Test
    void anExportIsATableOfWhatWasWritten() throws Exception {
        importing();
        Outcome outcome = export();
        assertThat(outcome.out().lines())
                .satisfiesExactly(
                        heading -> assertThat(heading).matches("IDENTITY +CERTIFICATE +AGE +ENDS IN +BYTES +FILE"),
                        leaf -> assertThat(leaf)
                                .matches("demo +([0-9a-f]+) +\\d+s +(7h 59m|8h 0m) +\\d+ +\\1-.*\\.ocsp"),
                        issuer -> assertThat(issuer).matches("demo +([0-9a-f]+) +.* \\1-.*\\.ocsp"));
        assertThat(exported()).hasSize(2);
    }

    @Test
    void thereIsNothingToExportFromAProxyThatHoldsNothing() {
        Outcome outcome = export();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).startsWith("error: the proxy holds no response that is valid now");
    }

    @Test
    void onlyRegularFilesOfTheFolderItselfAreRead() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        for (Path file : exported()) {
            Files.move(file, elsewhere.resolve(file.getFileName()));
        }
        Files.createDirectory(medium.resolve("folder.ocsp"));
        Files.copy(site.directory().ca(), medium.resolve("._hidden.ocsp"));
        Files.writeString(medium.resolve("\u001b[31mREADME\n.txt"), "carry this in");
        Files.createSymbolicLink(medium.resolve("link"), first(elsewhere));
        Files.createSymbolicLink(medium.resolve("link-to-folder"), elsewhere);
        ExternalProgram.named("mkfifo").run(medium.resolve("pipe"));

        Outcome outcome = importing();

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out().lines())
                .satisfiesExactly(
                        text -> assertThat(text)
                                .startsWith("\"\\u{1b}[31mREADME\\u{a}.txt\": no response (not a well-formed"),
                        link -> assertThat(link).isEqualTo("\"link\": no response (not a regular file)"),
                        link -> assertThat(link).isEqualTo("\"link-to-folder\": no response (not a regular file)"),
                        pipe -> assertThat(pipe).isEqualTo("\"pipe\": no response (not a regular file)"));
        assertThat(outcome.err())
                .contains("4 files: 4 no response")
                .contains("holds no response for a certificate of this proxy");
    }

    @Test
    void aResponseForUsThatIsRefusedOrDamagedFailsAndTheOthersAreTaken() throws Exception {
        Path damaged = first(medium);
        byte[] good = Files.readAllBytes(damaged);
        Files.write(damaged, Arrays.copyOf(good, good.length - 10));
        write("stale", ResponseVariant.STALE);
        write("forged", ResponseVariant.BAD_SIGNATURE);
        write("stranger", ResponseVariant.SIGNED_BY_STRANGER);
        write("other", ResponseVariant.WRONG_SERIAL);
        try (RandomAccessFile huge =
                new RandomAccessFile(medium.resolve("huge.iso").toFile(), "rw")) {
            huge.setLength(1L << 40);
        }

        Outcome outcome = importing();

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out())
                .contains(damaged.getFileName() + "\": no response (not a well-formed OCSP response")
                .containsPattern("\"stale\": refused \\(certificate [0-9a-f]+: nextUpdate .* has passed\\)")
                .containsPattern("\"forged\": refused \\(certificate [0-9a-f]+: .*signature")
                .containsPattern("\"stranger\": refused \\(certificate [0-9a-f]+: ")
                .containsPattern("\"other\": not ours\n")
                .contains("\"huge.iso\": no response (more than " + Imported.MAX_BYTES + " bytes)");
        assertThat(outcome.err()).contains("7 files: 1 accepted, 3 refused, 1 not ours, 2 no response");
    }

    @Test
    @Timeout(value = 90, unit = TimeUnit.SECONDS)
    void tenThousandFilesThatAreNoResponsesDoNotHideTheTwoThatAre() throws Exception {
        byte[] good = Files.readAllBytes(first(medium));
        Path junk = Files.createDirectory(folder.resolve("junk"));
        for (int i = 0; i < 40; i++) {
            byte[] spoilt = good.clone();
            spoilt[i] ^= (byte) (1 + i);
            Files.write(junk.resolve("spoilt-" + i), spoilt);
            Files.write(junk.resolve("cut-" + i), Arrays.copyOf(good, i * good.length / 40));
        }
        List<Path> kinds = list(junk);
        for (int i = 0; i < 10_000; i++) {
            Files.createLink(medium.resolve("junk-" + i), kinds.get(i % kinds.size()));
        }

        Outcome outcome = importing();

        assertThat(outcome.err()).contains("10002 files: 2 accepted");
        assertThat(Outcome.of("staples", "--admin", url()).out()).contains(" good ");
    }

    @Test
    void aFolderThatIsNoneIsAUsageError() throws Exception {
        assertThat(Outcome.of("import", folder.resolve("nowhere"), "--admin", url()))
                .isEqualTo(new Outcome(
                        2, "", "error: cannot read \"" + folder.resolve("nowhere") + "\" (no such file or folder)\n"));
        assertThat(Outcome.of("import", first(medium), "--admin", url()).err()).endsWith(" is not a folder\n");
        importing();
        assertThat(Outcome.of("export", first(medium), "--admin", url()))
                .isEqualTo(new Outcome(1, "", "error: \"" + first(medium) + "\" is not a folder\n"));
    }

    @Test
    void withoutAProxyThereIsNobodyToHandThemTo() {
        Outcome outcome = Outcome.of("import", medium, "--admin", "http://127.0.0.1:1");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("error: no answer from http://127.0.0.1:1", "hint: start the proxy");
    }

    private Outcome export() {
        return Outcome.of("export", medium, "--admin", url());
    }

    private Outcome importing() {
        return Outcome.of("import", medium, "--admin", url());
    }

    private String url() {
        return "http://127.0.0.1:" + Site.port(proxy.ports(), "admin");
    }

    private List<Path> exported() throws IOException {
        return list(medium);
    }

    private static Path first(Path of) throws IOException {
        return list(of).getFirst();
    }

    private static List<Path> list(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.sorted().toList();
        }
    }

    /** What the CA might say of the server's certificate now. */
    private void write(String file, ResponseVariant variant) throws IOException {
        X509Certificate server = site.pki().server();
        X509Certificate issuer = site.pki().intermediate().certificate();
        OcspReply reply =
                site.book().reply(OcspReply.certId(server, issuer, false)).orElseThrow();
        Files.write(medium.resolve(file), variant.of(reply));
    }
}
