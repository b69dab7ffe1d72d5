package io.staplegate.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces {@code ${NAME}} and {@code ${NAME:-default}} in a value. A doubled dollar sign keeps what follows it. */
final class Variables {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?})?");

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The text with every variable replaced. As in a shell, the default also stands in for an empty variable. */
    Parsed<String> replaceIn(String text) {
        var result = new StringBuilder();
        var reference = REFERENCE.matcher(text);
        while (reference.find()) {
            switch (valueOf(reference, text)) {
                case Parsed.Value(String value) -> reference.appendReplacement(result, Matcher.quoteReplacement(value));
                case Parsed.Invalid<String> invalid -> {
                    return invalid;
                }
            }
        }
        return new Parsed.Value<>(reference.appendTail(result).toString());
    }

    private Parsed<String> valueOf(Matcher reference, String text) {
        if (reference.group().equals("$${")) {
            return new Parsed.Value<>("${");
        }
        var name = reference.group("name");
        if (name == null) {
            return new Parsed.Invalid<>(
                    Problem.quoted(text) + " has a \"${\" that is no variable",
                    "write ${NAME} or ${NAME:-default}, and $${ for a literal \"${\"");
        }
        var value = environment.get(name);
        var standIn = reference.group("default");
        if (value != null && (standIn == null || !value.isEmpty())) {
            return new Parsed.Value<>(value);
        }
        if (standIn != null) {
            return new Parsed.Value<>(standIn);
        }
        return new Parsed.Invalid<>(
                "the environment has no variable " + Problem.quoted(name),
                "set it, or give a default: ${" + name + ":-default}");
    }
}
