package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line itself: usage, help, version. */
final class MainTest {
    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("error: missing command", "staplegate --help"),
                mistake("error: unmatched argument at index 0: 'serve'", "staplegate --help", "serve"),
                mistake("error: missing required option: '--config=FILE'", "staplegate run --help", "run"),
                mistake(
                        "error: unknown option: '--loud'",
                        "staplegate check --help",
                        "check",
                        "--config",
                        "x",
                        "--loud"),
                mistake(
                        "error: invalid value for option '--at': \"noon\" is no instant like 2026-01-31T12:00:00Z",
                        "staplegate verify --help",
                        "verify",
                        "--cert",
                        "c",
                        "--issuer",
                        "i",
                        "--response",
                        "r",
                        "--at",
                        "noon"),
                mistake(
                        "error: invalid value for option '--tls-port': \"70000\" is no port (0 to 65535)",
                        "staplegate demo --help",
                        "demo",
                        "--tls-port",
                        "70000"));
    }

    private static Arguments mistake(String error, String hint, String... words) {
        return Arguments.of(words, error + System.lineSeparator() + "hint: " + hint + System.lineSeparator());
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aUsageErrorNamesTheMistakeAndWhereHelpIs(String[] words, String expected) {
        Outcome outcome = Outcome.of((Object[]) words);
        assertThat(outcome).isEqualTo(new Outcome(2, "", expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "check", "demo", "staples", "refresh", "export", "import", "verify", "probe"})
    void everyCommandHasHelp(String command) {
        Outcome outcome = Outcome.of(command, "--help");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).startsWith("Usage: staplegate " + command);
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void helpListsTheCommandsAndExitCodes() {
        assertThat(Outcome.of("--help").out()).contains("verify").contains("Exit codes: 0 done, 1 failed, 2 usage, 78");
    }

    @Test
    void theVersionIsOneLine() {
        Outcome outcome = Outcome.of("--version");
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out().lines()).singleElement().asString().startsWith("staplegate ");
    }
}
