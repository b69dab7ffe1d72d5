package io.staplegate.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The YAML library's complaints, said as an operator needs them: where, what, and what to write instead. */
final class SyntaxFault {
    private static final Pattern BARE_IPV6 = Pattern.compile("[:\\-,\\[]\\s*\\[[0-9A-Fa-f:.%]*]:\\d");
    private static final Pattern BARE_VARIABLE = Pattern.compile("[\\[{,].*\\$\\{");

    /**
     * What the library says, and what that means.
     *
     * @param said part of the library's message
     */
    private record Wording(
            String said, String message, @Nullable String hint) {}

    private static final List<Wording> WORDINGS = List.of(
            new Wording("(TAB)", "a tab cannot indent", "indent with spaces"),
            new Wording("Do not use", "a value cannot start with this character", "put the value in quotes"),
            new Wording(
                    "mapping values are not allowed", "unexpected \":\"", "check the indentation, or quote the value"),
            new Wording("could not find expected ':'", "a key without \":\" and a value", null),
            new Wording("sequence entries are not allowed", "unexpected \"-\"", "a list begins on a line of its own"),
            new Wording("did not find expected ',' or ']'", "a \"[\" is not closed", "add \"]\", or the missing \",\""),
            new Wording("expected ',' or ']'", "a \"[\" is not closed", "add \"]\", or the missing \",\""),
            new Wording("expected ',' or '}'", "a \"{\" is not closed", "add \"}\", or the missing \",\""),
            new Wording("unexpected end of stream", "a quoted value is not closed", "add the missing quote"),
            new Wording("unexpected document separator", "a quoted value is not closed", "add the missing quote"),
            new Wording(
                    "expected <block end>", "unexpected indentation", "align it with the keys or items it belongs to"),
            new Wording(
                    "escape", "unknown escape in a quoted value", "use single quotes, or write \\\\ for a backslash"));

    private SyntaxFault() {}

    static MalformedYamlException of(YamlEngineException complaint, String text) {
        if (complaint instanceof ReaderException unprintable) {
            int at = text.indexOf(unprintable.getCodePoint());
            var character = "the control character U+%04X is not allowed".formatted(unprintable.getCodePoint());
            return new MalformedYamlException(lineAt(text, at), character, null);
        }
        if (!(complaint instanceof MarkedYamlEngineException marked)) {
            return new MalformedYamlException(1, "not valid YAML", null);
        }
        int line = line(marked.getProblemMark(), line(marked.getContextMark(), 1));
        var wording = wording(String.valueOf(marked.getProblem()));
        return new MalformedYamlException(line, wording.message(), hint(wording, marked, line, text));
    }

    private static Wording wording(String said) {
        return WORDINGS.stream()
                .filter(wording -> said.contains(wording.said()))
                .findFirst()
                .orElseGet(() -> new Wording("", "not valid YAML", null));
    }

    /** The likeliest reason is what stands on the line; then what the library complains about. */
    private static @Nullable String hint(Wording wording, MarkedYamlEngineException marked, int line, String text) {
        int begun = line(marked.getContextMark(), line);
        for (int suspect : new int[] {line, begun, line - 1}) {
            var content =
                    text.lines().skip(Math.max(0, suspect - 1)).findFirst().orElse("");
            if (BARE_IPV6.matcher(content).find()) {
                return "write an IPv6 address in quotes: \"[::]:8883\"";
            }
            if (BARE_VARIABLE.matcher(content).find()) {
                return "put \"${NAME}\" in quotes inside [ ] and { }";
            }
        }
        return wording.hint();
    }

    private static int line(Optional<Mark> mark, int otherwise) {
        return mark.map(place -> place.getLine() + 1).orElse(otherwise);
    }

    private static int lineAt(String text, int offset) {
        return 1
                + (int) text.substring(0, Math.max(0, offset))
                        .chars()
                        .filter(character -> character == '\n')
                        .count();
    }
}
