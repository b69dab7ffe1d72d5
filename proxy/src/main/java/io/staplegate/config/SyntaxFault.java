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
    private static final Pattern BARE_IPV6 = Pattern.compile("\\[[^\\[\\],\\s]*:[^\\[\\],\\s]*:[^\\[\\],\\s]*]");
    private static final Pattern BARE_VARIABLE = Pattern.compile("[\\[{,].*\\$\\{");

    /**
     * What the library says, and what that means.
     *
     * @param said part of the library's message
     * @param fromStart whether the place to look at is where the broken value begins, rather than where reading failed
     */
    private record Wording(
            String said,
            boolean fromStart,
            String message,
            @Nullable String hint) {}

    private static final List<Wording> WORDINGS = List.of(
            new Wording("(TAB)", false, "a tab cannot indent", "indent with spaces"),
            new Wording("Do not use", false, "a value cannot begin with \"@\", \"`\" or \"%\"", "put it in quotes"),
            new Wording("mapping values", false, "unexpected \":\"", "check the indentation, or quote the value"),
            new Wording("expected ':'", true, "a key without \": \" after it", null),
            new Wording("sequence entries", false, "unexpected \"-\"", "begin a list on a line of its own"),
            new Wording("',' or ']'", true, "a \"[\" is not closed", "add \"]\", or the missing \",\""),
            new Wording("',' or '}'", true, "a \"{\" is not closed", "add \"}\", or the missing \",\""),
            new Wording("end of stream", true, "a quoted value is not closed", "add the missing quote"),
            new Wording("document separator", true, "a quoted value is not closed", "add the missing quote"),
            new Wording("<block end>", false, "unexpected indentation", "align it with its neighbours"),
            new Wording(
                    "escape", false, "unknown escape in a quoted value", "use single quotes, or \\\\ for a backslash"));
    private static final Wording OTHER = new Wording("", false, "not valid YAML", null);

    private SyntaxFault() {}

    static MalformedYamlException of(YamlEngineException complaint, String text) {
        return switch (complaint) {
            case ReaderException unprintable -> {
                int line = lineAt(text, text.indexOf(unprintable.getCodePoint()));
                yield new MalformedYamlException(
                        line, "the character U+%04X is not allowed".formatted(unprintable.getCodePoint()), null);
            }
            case MarkedYamlEngineException marked -> {
                int failed = line(marked.getProblemMark(), 1);
                int begun = line(marked.getContextMark(), failed);
                var wording = wording(String.valueOf(marked.getProblem()));
                var hint = likelyReason(text, failed, begun).orElse(wording.hint());
                yield new MalformedYamlException(wording.fromStart() ? begun : failed, wording.message(), hint);
            }
            default -> new MalformedYamlException(1, OTHER.message(), null);
        };
    }

    private static Wording wording(String said) {
        return WORDINGS.stream()
                .filter(wording -> said.contains(wording.said()))
                .findFirst()
                .orElse(OTHER);
    }

    /** What so often breaks these files, if it is on one of the lines or before the first. */
    private static Optional<String> likelyReason(String text, int failed, int begun) {
        var suspects = text.lines()
                .skip(Math.max(0, begun - 2))
                .limit(2L + failed - begun)
                .toList();
        if (suspects.stream().anyMatch(line -> BARE_IPV6.matcher(line).find())) {
            return Optional.of("write an IPv6 address in quotes: \"[::]:8883\"");
        }
        return suspects.stream().anyMatch(line -> BARE_VARIABLE.matcher(line).find())
                ? Optional.of("put \"${NAME}\" in quotes inside [ ] and { }")
                : Optional.empty();
    }

    private static int line(Optional<Mark> mark, int otherwise) {
        return mark.map(place -> place.getLine() + 1).orElse(otherwise);
    }

    private static int lineAt(String text, int offset) {
        return 1
                + (int) text.chars()
                        .limit(Math.max(0, offset))
                        .filter(character -> character == '\n')
                        .count();
    }
}
