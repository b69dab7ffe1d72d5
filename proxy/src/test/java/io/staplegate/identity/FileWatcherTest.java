package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileWatcherTest {
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Pki.NOW);
    private final AtomicInteger changes = new AtomicInteger();
    private final FileWatcher watcher = new FileWatcher(NEVER, now::get, changes::incrementAndGet);
    private Path file = Path.of("");

    @BeforeEach
    void watchOneFile() throws IOException {
        file = Files.writeString(folder.resolve("tls.crt"), "one");
        watcher.watch(Set.of(file));
    }

    @AfterEach
    void close() {
        watcher.close();
    }

    @Test
    void anUnchangedFileIsNotReported() throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Pki.START));

        assertThat(watcher.poll()).isFalse();
        assertThat(watcher.poll()).isFalse();
    }

    @Test
    void aChangeIsReportedOnceAfterTwoPollsHaveSeenIt() throws IOException {
        Files.writeString(file, "two");

        assertThat(watcher.poll()).isFalse();
        assertThat(watcher.poll()).isTrue();
        assertThat(watcher.poll()).isFalse();
        assertThat(changes).hasValue(1);
    }

    @Test
    void aFileThatIsStillBeingWrittenIsNotReported() throws IOException {
        Files.writeString(file, "tw");
        assertThat(watcher.poll()).isFalse();
        Files.writeString(file, "two");
        assertThat(watcher.poll()).isFalse();
        assertThat(watcher.poll()).isTrue();
    }

    @Test
    void whatHasBeenReadForAnotherReasonIsNoChange() throws IOException {
        Files.writeString(file, "two");
        watcher.catchUp();
        assertThat(watcher.poll()).isFalse();
        assertThat(watcher.poll()).isFalse();

        Files.writeString(file, "six");
        assertThat(watcher.poll()).isFalse();
        assertThat(watcher.poll()).isTrue();
    }

    @Test
    void aChangeThatIsTakenBackIsNotReported() throws IOException {
        Files.writeString(file, "two");
        assertThat(watcher.poll()).isFalse();
        Files.writeString(file, "one");

        assertThat(watcher.poll()).isFalse();
        assertThat(watcher.poll()).isFalse();
    }

    @Test
    void aRewriteInPlaceWithTheSameSizeAndModificationTimeIsReported() throws IOException {
        FileTime modified = Files.getLastModifiedTime(file);
        Files.writeString(file, "two");
        Files.setLastModifiedTime(file, modified);

        assertThat(changed()).isTrue();
    }

    @Test
    void aRewriteWithTheSameSizeAndModificationTimeIsReportedAlsoWhenTheFileHadLongSettled() throws IOException {
        for (int i = 0; i < 4; i++) {
            now.updateAndGet(time -> time.plusSeconds(10));
            assertThat(watcher.poll()).isFalse();
        }
        Object changeTime = Files.getAttribute(file, "unix:ctime");
        FileTime modified = Files.getLastModifiedTime(file);
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> {
            Files.writeString(file, "two");
            Files.setLastModifiedTime(file, modified);
            return !Files.getAttribute(file, "unix:ctime").equals(changeTime);
        });

        assertThat(changed()).isTrue();
    }

    @Test
    void anAtomicReplacementIsReported() throws IOException {
        Path fresh = Files.writeString(folder.resolve("fresh"), "two");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(changed()).isTrue();
    }

    @Test
    void aFileThatVanishesAndComesBackWithoutAPollBetweenIsNotReported() throws IOException {
        Files.delete(file);
        Files.writeString(file, "one");

        assertThat(changed()).isFalse();
    }

    @Test
    void aFileThatVanishesIsReportedAndAgainWhenItComesBack() throws IOException {
        Files.delete(file);
        assertThat(changed()).isTrue();

        Files.writeString(file, "one");
        assertThat(changed()).isTrue();
    }

    /** A Kubernetes secret: {@code tls.crt -> ..data/tls.crt}, {@code ..data -> ..2026_06_01}; the latter is moved. */
    @Test
    void aKubernetesSymlinkSwapIsReported() throws IOException {
        Path data = secret("..2026_06_01", "one");
        Path link = Files.createSymbolicLink(folder.resolve("..data"), data.getFileName());
        Path mounted = Files.createSymbolicLink(folder.resolve("mounted.crt"), Path.of("..data", "tls.crt"));
        watcher.watch(Set.of(mounted));

        Path next = Files.createSymbolicLink(
                folder.resolve("..data_tmp"), secret("..2026_06_02", "two").getFileName());
        Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

        assertThat(changed()).isTrue();
    }

    @Test
    void aSymlinkSwapToTheSameContentIsNotReported() throws IOException {
        Path link = Files.createSymbolicLink(
                folder.resolve("link"), secret("a", "one").resolve("tls.crt"));
        watcher.watch(Set.of(link));

        Files.delete(link);
        Files.createSymbolicLink(link, secret("b", "one").resolve("tls.crt"));

        assertThat(changed()).isFalse();
    }

    @Test
    void watchingAgainForgetsNoChangeOfAFileThatWasWatchedBefore() throws IOException {
        Files.writeString(file, "two");
        watcher.watch(Set.of(file, folder.resolve("another")));

        assertThat(changed()).isTrue();
    }

    @Test
    void aFileThatIsNoLongerWatchedIsNotReported() throws IOException {
        Path other = Files.writeString(folder.resolve("other"), "one");
        watcher.watch(Set.of(other));

        Files.writeString(file, "two");
        assertThat(changed()).isFalse();

        Files.writeString(other, "two");
        assertThat(changed()).isTrue();
    }

    @Test
    void afterAFailureToActItGoesOnWatchingOnItsOwnThread() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        Runnable failsFirst = () -> {
            if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("the first reload fails");
            }
        };
        try (FileWatcher polling = new FileWatcher(Duration.ofMillis(5), now::get, failsFirst)) {
            polling.watch(Set.of(file));
            Files.writeString(file, "two");
            await().untilAtomic(calls, greaterThanOrEqualTo(1));
            // Written in place, a file may be seen empty for long enough to count as a change of its own.
            Files.writeString(file, "three");
            await().untilAtomic(calls, greaterThanOrEqualTo(2));
        }
    }

    private boolean changed() {
        boolean atOnce = watcher.poll();
        boolean settled = watcher.poll();
        return !atOnce && settled;
    }

    private Path secret(String name, String content) throws IOException {
        Path secret = Files.createDirectory(folder.resolve(name));
        Files.writeString(secret.resolve("tls.crt"), content);
        return secret;
    }
}
