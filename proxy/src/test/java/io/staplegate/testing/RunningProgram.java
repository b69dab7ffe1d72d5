package io.staplegate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** An {@link ExternalProgram} under way, which a test talks to. Killed, if it still runs, when the test ends. */
public final class RunningProgram implements AutoCloseable {
    private static final Duration FOR_OUTPUT = Duration.ofSeconds(20);
    private static final Duration FOR_THE_END = Duration.ofSeconds(60);

    private final Process process;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread reading;

    RunningProgram(Process process) {
        this.process = process;
        this.reading = Thread.ofVirtual().start(this::read);
    }

    /** Writes to its standard input. */
    public RunningProgram send(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(UTF_8));
        process.getOutputStream().flush();
        return this;
    }

    /** Waits until it has printed a text, on either stream; fails after 20 s, or when it ends without. */
    public RunningProgram awaitOutput(String text) {
        awaitOutput(Pattern.compile(text, Pattern.LITERAL));
        return this;
    }

    /** Waits until it has printed something like that, and returns what. */
    public MatchResult awaitOutput(Pattern pattern) {
        await().atMost(FOR_OUTPUT).untilAsserted(() -> {
            if (reading.isAlive()) {
                assertThat(printed()).containsPattern(pattern);
            }
        });
        String all = printed();
        assertThat(all).containsPattern(pattern);
        return pattern.matcher(all).results().findFirst().orElseThrow();
    }

    /** Ends its input, and waits for its end; fails after 60 s. */
    public ExternalProgram.Outcome finish() throws InterruptedException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It ended before its input did, and says why by its exit code.
        }
        assertThat(process.waitFor(FOR_THE_END.toSeconds(), SECONDS))
                .as(() -> "ends; output: " + printed())
                .isTrue();
        reading.join();
        return new ExternalProgram.Outcome(process.exitValue(), printed());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private String printed() {
        return output.toString(UTF_8);
    }

    private void read() {
        try (InputStream in = process.getInputStream()) {
            in.transferTo(output);
        } catch (IOException e) {
            // Killed: the test is over.
        }
    }
}
