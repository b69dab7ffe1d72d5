package io.staplegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself: usage, help, version. */
final class MainTest {
    private static final List<String> COMPLETE =
            List.of("handshakes", "--target", "localhost:1", "--count", "1", "--concurrency", "1");

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("missing command", "staplegate-loadtest"),
                mistake(
                        "missing required option: '--target=HOST:PORT'",
                        "staplegate-loadtest handshakes",
                        "handshakes",
                        "--count",
                        "1",
                        "--concurrency",
                        "1"),
                changed("--target", "localhost", "\"localhost\" is no address like localhost:8883 or [::1]:8883"),
                changed("--count", "many", "'many' is not a long"),
                changed("--status", "v3", "expected one of [NONE, V1, V2] (case-insensitive) but was 'v3'"),
                changed("--tls", "1.1", "\"1.1\" is no version of TLS (1.2 or 1.3)"),
                changed("--timeout", "soon", "\"soon\" is no duration like 10s, 5m, 36h"),
                mistake("missing required parameter: 'NAME'", "staplegate-loadtest benchmark", "benchmark"));
    }

    private static Arguments mistake(String error, String command, String... words) {
        return Arguments.of(List.of(words), error, command);
    }

    private static Arguments changed(String option, String value, String error) {
        return Arguments.of(
                with(option, value),
                "invalid value for option '" + option + "': " + error,
                "staplegate-loadtest handshakes");
    }

    private static List<String> with(String option, String value) {
        List<String> words = new ArrayList<>(COMPLETE);
        int position = words.indexOf(option);
        if (position < 0) {
            Collections.addAll(words, option, value);
        } else {
            words.set(position + 1, value);
        }
        return words;
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aUsageErrorNamesTheMistakeAndWhereHelpIs(List<String> words, String error, String command) {
        String expected =
                "error: " + error + System.lineSeparator() + "hint: " + command + " --help" + System.lineSeparator();
        assertThat(Outcome.of(words.toArray())).isEqualTo(new Outcome(2, "", expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--count", "--concurrency", "--warmup"})
    void aNumberThatMakesNoSenseIsAUsageError(String option) {
        Outcome outcome = Outcome.of(with(option, "-1").toArray());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: " + option + ": -1 is ");
    }

    @Test
    void aVersionOfTlsCannotBeChosenOverDtls() {
        List<String> words = with("--tls", "1.3");
        words.add("--dtls");
        Outcome outcome = Outcome.of(words.toArray());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: --tls: there is no such choice with --dtls");
    }

    @Test
    void aProcessThatDoesNotExistIsAUsageError() {
        Outcome outcome =
                Outcome.of(with("--pid", String.valueOf(Long.MAX_VALUE)).toArray());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("error: --pid: no such process among [" + Long.MAX_VALUE + "]");
    }

    @Test
    void aFileThatIsNoCertificateIsAUsageError() {
        Outcome outcome = Outcome.of(with("--ca", "no-such-file.pem").toArray());
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).contains("error: cannot read \"no-such-file.pem\" (no such file or folder)");
    }

    @Test
    void anOptionThatJmhDoesNotKnowIsAUsageError() {
        Outcome outcome = Outcome.of("benchmark", "handshake", "-zz");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: not an option of JMH: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "handshakes",
                "wire",
                "sessions",
                "flood",
                "loss",
                "scandium",
                "benchmark",
                "outage",
                "fleet",
                "crl",
                "reconnect",
                "revoke"
            })
    void everyCommandHasHelp(String command) {
        Outcome outcome = Outcome.of(command, "--help");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).startsWith("Usage: staplegate-loadtest " + command);
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void theVersionIsOneLine() {
        Outcome outcome = Outcome.of("--version");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out().lines()).singleElement().asString().startsWith("staplegate-loadtest ");
    }
}
