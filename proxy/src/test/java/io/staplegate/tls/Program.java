package io.staplegate.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Somebody else's TLS program as a child process, with what it prints. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread reading;

    private Program(Process process) {
        this.process = process;
        this.reading = Thread.ofVirtual().start(this::read);
    }

    /** Starts a program; where it is not installed the test is skipped, or fails if that is asked for. */
    static Program start(Object... command) throws IOException {
        List<String> words = Arrays.stream(command).map(String::valueOf).toList();
        boolean present = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, words.getFirst())));
        if (System.getProperty("staplegate.interop", "skip").equals("required")) {
            assertThat(present).as(words.getFirst() + " is on PATH").isTrue();
        }
        assumeTrue(present, words.getFirst() + " is not on PATH");
        return new Program(new ProcessBuilder(words).redirectErrorStream(true).start());
    }

    private void read() {
        try (InputStream in = process.getInputStream()) {
            in.transferTo(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Program send(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(ISO_8859_1));
        process.getOutputStream().flush();
        return this;
    }

    Program awaitOutput(String text) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(output.toString(ISO_8859_1)).contains(text));
        return this;
    }

    /** Ends its input, waits until it ends, and returns all that it printed. */
    String finish() throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // it ended before its input did
        }
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(() -> "ends; output: " + output.toString(ISO_8859_1))
                .isTrue();
        reading.join();
        return output.toString(ISO_8859_1);
    }

    int exitValue() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
