package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.Problem;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every mistake is a pair of files in {@code config/invalid}: {@code NAME.yaml}, and in {@code NAME.txt} what
 * {@code staplegate check} says to it on 1 June 2026.
 */
final class InvalidConfigurationTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final Map<String, String> ENVIRONMENT = Map.of("BROKER", "127.0.0.1:1883", "PORT", "99999");

    /** A repository does not keep permissions, and a key that everyone can read is worth a warning. */
    @BeforeAll
    static void hideSecrets() throws IOException, URISyntaxException {
        try (var files = Files.walk(Path.of(folder().toURI()).resolve(".."))) {
            for (Path file : (Iterable<Path>) files.filter(InvalidConfigurationTest::isSecret)::iterator) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    private static boolean isSecret(Path file) {
        return file.toString().matches(".*\\.(key|password|psk|token)");
    }

    @TestFactory
    Stream<DynamicTest> saysWhatIsWrong() throws IOException, URISyntaxException {
        try (var files = Files.list(Path.of(folder().toURI()))) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(file -> DynamicTest.dynamicTest(name(file), () -> assertSays(file)))
                    .toList()
                    .stream();
        }
    }

    private static void assertSays(Path file) throws IOException {
        var expected = Files.readString(file.resolveSibling(name(file) + ".txt"));
        assertThat(problems(file).stream()
                        .map(problem -> problem.render() + "\n")
                        .collect(Collectors.joining()))
                .isEqualTo(expected);
    }

    private static List<Problem> problems(Path file) {
        return Inspection.of(file, ENVIRONMENT, NOW).problems();
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    private static URL folder() {
        return Objects.requireNonNull(InvalidConfigurationTest.class.getResource("/config/invalid"));
    }
}
