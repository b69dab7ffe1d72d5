package io.staplegate.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.telemetry.Telemetry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} in the middle of writing. */
final class StoreCrashTest {
    private static final int KILLS = 10;

    @TempDir
    private Path directory;

    @Test
    void aStoreLoadsAfterKillMinusNineAtAnyTime() throws Exception {
        Random random = new Random();
        for (int i = 0; i < KILLS; i++) {
            killAfterWrites(1 + random.nextInt(20));

            try (FileStore store =
                    new FileStore(directory, ".ocsp", 64 * 1024, new Telemetry(InstantSource.system()))) {
                store.prune(Set.of(), Instant.EPOCH);
                assertThat(directory).isDirectoryNotContaining("glob:**" + AtomicFile.TEMPORARY);
                for (int number = 0; number < 8; number++) {
                    FileStore.Kept kept = store.read(StoreWriter.key(number));
                    assertThat(kept == null || StoreWriter.isWhole(kept.content()))
                            .isTrue();
                }
                assertThat(store.write(StoreWriter.key(9), new byte[] {1}, Instant.EPOCH))
                        .isTrue();
            }
        }
    }

    private void killAfterWrites(int writes) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreWriter.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(writer.getInputStream(), UTF_8))) {
            assertThat(output.lines().filter("true"::equals).limit(writes)).hasSize(writes);
        } finally {
            writer.destroyForcibly().waitFor();
        }
    }
}
