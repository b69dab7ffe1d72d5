package io.staplegate.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a {@link Tree}, and finds every way in which the tree does not fit them.
 *
 * <p>What is wrong is left out, so that the rest can be looked at: a key falls back to its default, and a list's item
 * that lacks something required is dropped, together with whatever refers to it. Owned by the thread that reads.
 */
final class Binder {
    private final Tree.Mapping root;
    private final Names names;
    private final Path folder;
    private final Places places;
    private final Problems problems;
    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * A binder of one document.
     *
     * @param folder what relative file names start from
     * @param places takes which items are bound
     */
    Binder(Tree.Mapping root, Path folder, Places places, Problems problems) {
        this.root = root;
        this.names = new Names(root);
        this.folder = folder;
        this.places = places;
        this.problems = problems;
    }

    /** The configuration, in which every reference leads somewhere; null where a required key of its own is missing. */
    @Nullable
    Configuration configuration() {
        return (Configuration) section(Configuration.class, root, "");
    }

    /** Every single value that is well written, defaults included, by its path; also where its record was dropped. */
    Map<String, Object> values() {
        return values;
    }

    private @Nullable Object section(Class<?> type, Tree.Mapping mapping, String path) {
        var section = Section.of(type);
        var keys = section.keys();
        refuseUnknown(mapping, section.names(), path);
        var arguments = new @Nullable Object[keys.size()];
        boolean complete = true;
        for (int i = 0; i < arguments.length; i++) {
            var key = keys.get(i);
            arguments[i] = valueOrDefault(key, mapping.entries().get(key.name()), Document.path(path, key.name()));
            complete &= arguments[i] != null || key.isNullable();
        }
        return complete ? section.make(arguments) : null;
    }

    private void refuseUnknown(Tree.Mapping mapping, List<String> known, String path) {
        for (var key : mapping.entries().keySet()) {
            if (!known.contains(key)) {
                var hint = key.equals("<<")
                        ? "YAML 1.2 has no merge keys: repeat what is the same"
                        : Suggestion.hint(key, known, "keys");
                problems.error(Document.path(path, key), "unknown key", hint);
            }
        }
    }

    private @Nullable Object valueOrDefault(Key key, @Nullable Tree tree, String path) {
        var written = tree == null ? null : value(key, tree, path);
        if (written != null) {
            return written;
        }
        if (tree == null && key.isRequired()) {
            problems.error(path, "is missing", "add " + Problem.quoted(key.name()) + ", " + key.form());
        }
        return standard(key, path);
    }

    private @Nullable Object standard(Key key, String path) {
        if (key.standard() != null) {
            return item(key, new Tree.Scalar(key.standard()), path);
        }
        if (key.isRequired() || key.isNullable()) {
            return null;
        }
        return key.isList() ? List.of() : section(key.type(), new Tree.Mapping(Map.of()), path);
    }

    private @Nullable Object value(Key key, Tree tree, String path) {
        return key.isList() ? list(key, tree, path) : item(key, tree, path);
    }

    private @Nullable Object list(Key key, Tree tree, String path) {
        if (tree instanceof Tree.Sequence(var items)) {
            if (key.isOneOrMore() && items.isEmpty()) {
                problems.error(path, "is empty", "add at least one");
            }
            var bound = items(key, items, path);
            return key.isOneOrMore() && bound.isEmpty() ? null : bound;
        }
        if (tree instanceof Tree.Scalar && key.isOneOrMore() && !key.isSection()) {
            var only = item(key, tree, path);
            return only == null ? null : List.of(only);
        }
        return mismatch(key.form(), tree, path);
    }

    private List<Object> items(Key key, List<Tree> items, String path) {
        var bound = new ArrayList<>();
        var kept = new ArrayList<Integer>();
        var earlier = new HashMap<String, String>();
        for (int i = 0; i < items.size(); i++) {
            var itemPath = Document.path(path, i);
            var item = item(key, items.get(i), itemPath);
            boolean isNew = isNew(items.get(i), itemPath, earlier);
            if (item != null && isNew) {
                bound.add(item);
                kept.add(i);
                names.bind(path, Names.of(items.get(i)));
            }
        }
        places.keep(path, kept);
        return List.copyOf(bound);
    }

    /** Whether no earlier item of the list has the same name. */
    private boolean isNew(Tree item, String path, Map<String, String> earlier) {
        var place = item instanceof Tree.Mapping ? Document.path(path, "name") : path;
        var name = Names.of(item);
        var same = name.isEmpty() ? null : earlier.putIfAbsent(name, place);
        if (same != null) {
            problems.error(place, Problem.quoted(name) + " is the same as " + same, null);
        }
        return same == null;
    }

    private @Nullable Object item(Key key, Tree tree, String path) {
        if (tree instanceof Tree.Scalar scalar && key.notation() != null) {
            return single(key, key.notation(), scalar.text(), path);
        }
        if (tree instanceof Tree.Mapping mapping && key.notation() == null) {
            return section(key.type(), mapping, path);
        }
        return mismatch(key.itemForm(), tree, path);
    }

    private @Nullable Object single(Key key, Notation notation, String text, String path) {
        return switch (parse(key, notation, text)) {
            case Parsed.Value(Object value) -> {
                values.put(path, value);
                yield key.target() == null || names.isBound(key.target(), text) ? value : null;
            }
            case Parsed.Invalid<?> invalid -> {
                problems.error(path, invalid);
                yield null;
            }
        };
    }

    private Parsed<?> parse(Key key, Notation notation, String text) {
        var parsed = notation.read(text, folder);
        if (!(parsed instanceof Parsed.Value(Object value))) {
            return parsed;
        }
        var breach = key.limits() == null ? null : key.limits().breach(value, text);
        if (breach != null) {
            return new Parsed.Invalid<>(breach, null);
        }
        return key.target() == null ? parsed : names.resolve(key.target(), text);
    }

    private @Nullable Object mismatch(String form, Tree tree, String path) {
        if (tree instanceof Tree.Empty) {
            problems.error(path, "has no value", "remove the key, or write " + form);
        } else if (!(tree instanceof Tree.Unreadable)) {
            problems.error(path, "is " + tree.kind() + ", not " + form, null);
        }
        return null;
    }
}
