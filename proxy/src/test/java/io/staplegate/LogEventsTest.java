package io.staplegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the list of log events in {@code deploy/LOGS.md} against the code: scripts look for them. */
final class LogEventsTest {
    private static final Path ROOT = Path.of(System.getProperty("staplegate.root"));

    /** What an event's builder is given at last. */
    private static final Pattern LOGGED =
            Pattern.compile("(?:\\)\\s*\\.log|LOG\\.(?:info|warn|error))\\(\\s*([^)\\s].*)\\)", Pattern.DOTALL);

    private static final Pattern LITERAL = Pattern.compile("\"([^\"]+)\"");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| (?:error|warn|info)");

    /** Not a log: it has secrets, and is written to a file of its own. */
    private static final String KEY_LOG = "keyLog()";

    @Test
    void everyEventIsOnTheListAndNothingElseIs() throws IOException {
        assertThat(documented()).containsExactlyInAnyOrderElementsOf(logged());
    }

    private static Set<String> documented() throws IOException {
        return ROW.matcher(Files.readString(ROOT.resolve("deploy/LOGS.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> logged() throws IOException {
        try (Stream<Path> sources = Files.walk(ROOT.resolve("proxy/src/main/java"))) {
            return sources.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(LogEventsTest::eventsOf)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Stream<String> eventsOf(Path source) {
        try {
            return Stream.of(Files.readString(source).split(";\\s*\n"))
                    .filter(statement -> !statement.contains("atDebug") && !statement.contains(KEY_LOG))
                    .flatMap(statement -> LOGGED.matcher(statement).results())
                    .map(call -> call.group(1))
                    .flatMap(LogEventsTest::events);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An event that is no literal stands for itself: nobody could look for it. */
    private static Stream<String> events(String arguments) {
        List<String> literals = LITERAL.matcher(arguments)
                .results()
                .map(literal -> literal.group(1))
                .toList();
        return literals.isEmpty() ? Stream.of(arguments) : literals.stream();
    }
}
