package io.staplegate.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The state directory, with all that may befall one. */
final class FileStoreTest {
    private static final String KEY = "0123456789abcdef".repeat(4);
    private static final String OTHER = "fedcba9876543210".repeat(4);
    private static final int LARGEST = 64 * 1024;
    private static final Instant FETCHED = Instant.parse("2026-03-01T00:00:00Z");
    private static final byte[] RESPONSE = "a response".getBytes(UTF_8);

    @TempDir
    private Path temporary;

    private final Telemetry telemetry = new Telemetry(InstantSource.system());
    private final LogLines log = new LogLines(FileStore.class);
    private Path directory;
    private FileStore store;

    @BeforeEach
    void open() {
        directory = temporary.resolve("state/staples");
        store = new FileStore(directory, ".ocsp", LARGEST, telemetry);
    }

    @AfterEach
    void close() {
        store.close();
        log.close();
    }

    @Test
    void keepsTheBytesAsTheyCameAndWhenTheyCame() throws IOException {
        assertThat(store.write(KEY, RESPONSE, FETCHED)).isTrue();

        assertThat(Files.readAllBytes(directory.resolve(KEY + ".ocsp"))).isEqualTo(RESPONSE);
        assertThat(store.read(KEY)).satisfies(kept -> {
            assertThat(kept.content()).isEqualTo(RESPONSE);
            assertThat(kept.fetchedAt()).isEqualTo(FETCHED);
        });
        assertThat(store.read(OTHER)).isNull();
    }

    @Test
    void letsNobodyElseWrite() throws IOException {
        assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
        store.write(KEY, RESPONSE, FETCHED);

        assertThat(permissions(directory)).isEqualTo("rwxr-x---");
        assertThat(permissions(directory.resolve(KEY + ".ocsp"))).isEqualTo("rw-r-----");
    }

    @Test
    void isLimitedToWhatIsServedAndToTheNewest() {
        store.write(KEY, RESPONSE, FETCHED);
        store.write(OTHER, RESPONSE, FETCHED.plusSeconds(1));
        String newest = "0".repeat(64);
        store.write(newest, RESPONSE, FETCHED.plusSeconds(2));

        store.limit(Set.of(KEY), 2);

        assertThat(store.read(KEY)).as("served, though the oldest").isNotNull();
        assertThat(store.read(OTHER)).isNull();
        assertThat(store.read(newest)).isNotNull();
    }

    @Test
    void ignoresWhatCannotBeAResponse() throws IOException {
        store.write(KEY, RESPONSE, FETCHED);
        Files.write(directory.resolve(KEY + ".ocsp"), new byte[LARGEST + 1]);
        Files.write(directory.resolve(OTHER + ".ocsp"), new byte[0]);

        assertThat(store.read(KEY)).isNull();
        assertThat(store.read(OTHER)).isNull();
        assertThat(log.lines()).singleElement().asString().contains("is larger than 65536 bytes", KEY);
        assertThat(telemetry.scrape("text/plain")).contains("staplegate_store_failures_total 2.0");
    }

    /** Whoever opened the pipe would wait for a writer for ever. */
    @Test
    @Timeout(20)
    void onlyRegularFilesAreRead() throws Exception {
        store.write(OTHER, RESPONSE, FETCHED);
        Path file = directory.resolve(KEY + ".ocsp");
        ExternalProgram.named("mkfifo").run(file);
        assertThat(store.read(KEY)).isNull();
        Files.delete(file);
        Files.createSymbolicLink(file, directory.resolve(OTHER + ".ocsp"));
        assertThat(store.read(KEY)).isNull();

        assertThat(log.lines()).singleElement().asString().contains("is not a regular file", KEY);
        assertThat(telemetry.scrape("text/plain")).contains("staplegate_store_failures_total 2.0");
        assertThat(store.write(KEY, RESPONSE, FETCHED)).isTrue();
        assertThat(store.read(KEY)).isNotNull();
    }

    @Test
    @Timeout(20)
    void aPipeInPlaceOfTheLockIsAFault() throws Exception {
        Files.createDirectories(directory);
        ExternalProgram.named("mkfifo").run(directory.resolve(".lock"));

        assertThat(store.write(KEY, RESPONSE, FETCHED)).isFalse();
        assertThat(log.lines()).singleElement().asString().contains("is not a regular file");
    }

    @Test
    void removesTruncatedTemporaryFilesAndOldResponsesAndNothingElse() throws IOException {
        store.write(KEY, RESPONSE, FETCHED);
        store.write(OTHER, RESPONSE, FETCHED);
        Path leftover = Files.write(directory.resolve("." + KEY + ".ocsp.tmp"), new byte[] {0x30});
        Path foreign = Files.writeString(directory.resolve("README"), "mine");
        Path similar = Files.writeString(directory.resolve(".backup.ocsp.tmp"), "mine");
        Files.setLastModifiedTime(foreign, FileTime.from(Instant.EPOCH));

        store.prune(Set.of(KEY), FETCHED.plus(Duration.ofDays(29)));
        assertThat(leftover).doesNotExist();
        assertThat(store.read(OTHER)).isNotNull();

        store.prune(Set.of(KEY), FETCHED.plus(Duration.ofDays(31)));
        assertThat(store.read(OTHER)).isNull();
        assertThat(store.read(KEY)).isNotNull();
        assertThat(foreign).exists();
        assertThat(similar).exists();
    }

    @Test
    void aDirectoryThatCannotBeCostsAMetricAndOneLineUntilItWorksAgain() throws IOException {
        Path file = Files.writeString(temporary.resolve("state"), "a file where the directory should be");

        assertThat(store.write(KEY, RESPONSE, FETCHED)).isFalse();
        assertThat(store.write(OTHER, RESPONSE, FETCHED)).isFalse();
        assertThat(store.read(KEY)).isNull();
        assertThat(log.lines()).hasSize(1).first().asString().contains("state directory fails");
        assertThat(telemetry.scrape("text/plain")).contains("staplegate_store_failures_total 3.0");

        Files.delete(file);
        assertThat(store.write(KEY, RESPONSE, FETCHED)).isTrue();
        assertThat(log.lines()).hasSize(2).last().asString().contains("can be written again");
    }

    @Test
    void aDirectoryThatIsRemovedIsMadeAgain() throws IOException {
        store.write(KEY, RESPONSE, FETCHED);
        Files.delete(directory.resolve(KEY + ".ocsp"));
        Files.delete(directory.resolve(".lock"));
        Files.delete(directory);

        assertThat(store.write(KEY, RESPONSE, FETCHED)).isTrue();
        assertThat(store.read(KEY)).isNotNull();
    }

    @Test
    void aSecondProcessReadsButDoesNotWriteUntilTheFirstHasEnded() {
        store.write(KEY, RESPONSE, FETCHED);
        try (FileStore second = new FileStore(directory, ".ocsp", LARGEST, telemetry)) {
            assertThat(second.read(KEY)).isNotNull();
            assertThat(second.write(KEY, "other".getBytes(UTF_8), FETCHED)).isFalse();
            assertThat(log.lines()).singleElement().asString().contains("another process");

            store.close();
            assertThat(second.write(KEY, "other".getBytes(UTF_8), FETCHED)).isTrue();
        }
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
