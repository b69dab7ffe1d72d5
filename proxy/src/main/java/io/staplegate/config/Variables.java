package io.staplegate.config;

import java.util.Map;
import java.util.regex.Pattern;

/** Replaces {@code ${NAME}} and {@code ${NAME:-default}} in a value; {@code $${} stands for a literal {@code ${}. */
final class Variables {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\$\\{|\\$\\{(?<body>(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<default>[^}]*))?})?");

    private final Map<String, String> environment;

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The text with every variable replaced. As in a shell, the default also stands in for an empty variable. */
    Parsed<String> replaceIn(String text) {
        var result = new StringBuilder();
        var reference = REFERENCE.matcher(text);
        while (reference.find()) {
            if (reference.group().equals("$${")) {
                reference.appendReplacement(result, "\\${");
                continue;
            }
            if (reference.group("body") == null) {
                return new Parsed.Invalid<>(
                        Problem.quoted(text) + " has a \"${\" that is no variable",
                        "write ${NAME} or ${NAME:-default}, and $${ for a literal \"${\"");
            }
            var name = reference.group("name");
            var value = environment.get(name);
            var standIn = reference.group("default");
            if (value == null && standIn == null) {
                return new Parsed.Invalid<>(
                        "the environment has no variable " + Problem.quoted(name),
                        "set it, or give a default: ${" + name + ":-default}");
            }
            var useDefault = standIn != null && (value == null || value.isEmpty());
            reference.appendReplacement(result, "");
            result.append(useDefault ? standIn : value);
        }
        reference.appendTail(result);
        return new Parsed.Value<>(result.toString());
    }
}
