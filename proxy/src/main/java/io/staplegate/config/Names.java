package io.staplegate.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The names that the lists of a document give to their items, for other keys to refer to. */
final class Names {
    private final Tree.Mapping root;
    private final Map<String, Set<String>> declared = new HashMap<>();
    private final Map<String, Set<String>> bound = new HashMap<>();

    Names(Tree.Mapping root) {
        this.root = root;
    }

    /** What tells an item of a list from the others; empty where nothing does. */
    static String of(Tree item) {
        return switch (item) {
            case Tree.Scalar(String text) -> text;
            case Tree.Mapping(var entries) when entries.get("name") instanceof Tree.Scalar(String text) -> text;
            default -> "";
        };
    }

    /** Records that an item is complete. */
    void bind(String list, String name) {
        bound.computeIfAbsent(list, _ -> new HashSet<>()).add(name);
    }

    /** Whether a list has a complete item of that name. */
    boolean isBound(String list, String name) {
        return bound.getOrDefault(list, Set.of()).contains(name);
    }

    /** A reference to an item, which need not be complete. */
    Parsed<String> resolve(String list, String name) {
        var known = declared.computeIfAbsent(list, this::declared);
        if (known.contains(name) || isUnreadable(list)) {
            return new Parsed.Value<>(name);
        }
        return new Parsed.Invalid<>(
                Problem.quoted(name) + " is not among the " + list, Suggestion.hint(name, known, list));
    }

    private Set<String> declared(String list) {
        var names = new LinkedHashSet<String>();
        if (root.entries().get(list) instanceof Tree.Sequence(var items)) {
            items.forEach(item -> names.add(of(item)));
        }
        names.remove("");
        return names;
    }

    /** Whether something else than a list is there, which is complained of by itself. */
    private boolean isUnreadable(String list) {
        return root.entries().containsKey(list) && !(root.entries().get(list) instanceof Tree.Sequence);
    }
}
