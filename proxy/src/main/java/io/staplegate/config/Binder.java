package io.staplegate.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a {@link Tree}, and finds every way in which the tree does not fit them. A key is a component of a
 * record; what may be written for it is said by the component's type and annotations.
 *
 * <p>What is wrong is left out, so that the rest can be looked at: a key falls back to its default, and a list's item
 * that lacks something required is dropped, together with whatever refers to it. Owned by the thread that reads.
 */
final class Binder {
    private final Tree.Mapping root;
    private final Notations notations;
    private final Problems problems;
    private final Map<String, Set<String>> declaredNames = new HashMap<>();
    private final Map<String, Set<String>> boundNames = new HashMap<>();
    private final Map<String, Object> values = new LinkedHashMap<>();

    /**
     * A binder of one document.
     *
     * @param folder what relative file names start from
     */
    Binder(Tree.Mapping root, Path folder, Problems problems) {
        this.root = root;
        this.notations = new Notations(folder);
        this.problems = problems;
    }

    /** The configuration, in which every reference leads somewhere; null where a required key of its own is missing. */
    @Nullable
    Configuration configuration() {
        return (Configuration) record(Configuration.class, root, "");
    }

    /** Every single value that is well written, defaults included, by its path; also where its record was dropped. */
    Map<String, Object> values() {
        return values;
    }

    private @Nullable Object record(Class<?> type, Tree.Mapping mapping, String path) {
        var keys = type.getRecordComponents();
        refuseUnknown(mapping, Arrays.stream(keys).map(RecordComponent::getName).toList(), path);
        var arguments = new @Nullable Object[keys.length];
        boolean complete = true;
        for (int i = 0; i < keys.length; i++) {
            var name = keys[i].getName();
            arguments[i] = valueOrDefault(keys[i], mapping.entries().get(name), Document.path(path, name));
            complete &= arguments[i] != null || isNullable(keys[i]);
        }
        return complete ? construct(type, keys, arguments) : null;
    }

    private void refuseUnknown(Tree.Mapping mapping, List<String> known, String path) {
        for (var key : mapping.entries().keySet()) {
            if (!known.contains(key)) {
                var hint = key.equals("<<")
                        ? "YAML 1.2 has no merge keys: repeat what is the same"
                        : Suggestion.hint(key, known, "the keys here are");
                problems.error(Document.path(path, key), "unknown key", hint);
            }
        }
    }

    private @Nullable Object valueOrDefault(RecordComponent key, @Nullable Tree tree, String path) {
        var written = tree == null ? null : value(key, tree, path);
        if (written != null) {
            return written;
        }
        var fallback = fallback(key, path);
        if (tree == null && fallback == null && !isNullable(key)) {
            problems.error(path, "is missing", "add " + Problem.quoted(key.getName()) + ", " + form(key.getType()));
        }
        return fallback;
    }

    private @Nullable Object fallback(RecordComponent key, String path) {
        var written = key.getAnnotation(Default.class);
        if (written != null) {
            return single(key.getType(), key, new Tree.Scalar(written.value()), path);
        }
        if (key.getType() == List.class) {
            return key.isAnnotationPresent(OneOrMore.class) ? null : List.of();
        }
        boolean section = key.getType().isRecord() && !notations.covers(key.getType());
        return section && !isNullable(key) ? record(key.getType(), new Tree.Mapping(Map.of()), path) : null;
    }

    private @Nullable Object value(RecordComponent key, Tree tree, String path) {
        var unbuilt = Unbuilt.feature(key, tree);
        if (unbuilt != null) {
            problems.error(path, "this version cannot " + unbuilt, "remove the key");
        }
        return key.getType() == List.class ? list(key, tree, path) : item(key.getType(), key, tree, path);
    }

    private @Nullable Object list(RecordComponent key, Tree tree, String path) {
        boolean oneOrMore = key.isAnnotationPresent(OneOrMore.class);
        var type = elementType(key);
        if (tree instanceof Tree.Sequence(var items)) {
            if (oneOrMore && items.isEmpty()) {
                problems.error(path, "is empty", "add at least one");
            }
            var bound = items(type, key, items, path);
            return oneOrMore && bound.isEmpty() ? null : bound;
        }
        if (tree instanceof Tree.Scalar && oneOrMore && notations.covers(type)) {
            var only = item(type, key, tree, path);
            return only == null ? null : List.of(only);
        }
        return mismatch(List.class, tree, path);
    }

    private List<Object> items(Class<?> type, RecordComponent key, List<Tree> items, String path) {
        var bound = new ArrayList<>();
        var places = new HashMap<String, String>();
        for (int i = 0; i < items.size(); i++) {
            var itemPath = Document.path(path, i);
            var item = item(type, key, items.get(i), itemPath);
            boolean isNew = isNew(items.get(i), itemPath, places);
            if (item != null && isNew) {
                bound.add(item);
                boundNames.computeIfAbsent(path, _ -> new HashSet<>()).add(name(items.get(i)));
            }
        }
        return List.copyOf(bound);
    }

    /** Whether no earlier item of the list has the same name. */
    private boolean isNew(Tree item, String path, Map<String, String> places) {
        var place = item instanceof Tree.Mapping ? Document.path(path, "name") : path;
        var name = name(item);
        var same = name.isEmpty() ? null : places.putIfAbsent(name, place);
        if (same != null) {
            problems.error(place, Problem.quoted(name) + " is the same as " + same, null);
        }
        return same == null;
    }

    private @Nullable Object item(Class<?> type, RecordComponent key, Tree tree, String path) {
        if (tree instanceof Tree.Scalar scalar && notations.covers(type)) {
            return single(type, key, scalar, path);
        }
        if (tree instanceof Tree.Mapping mapping && !notations.covers(type)) {
            return record(type, mapping, path);
        }
        return mismatch(type, tree, path);
    }

    private @Nullable Object mismatch(Class<?> type, Tree tree, String path) {
        if (tree instanceof Tree.Empty) {
            problems.error(path, "has no value", "remove the key, or write " + form(type));
        } else if (!(tree instanceof Tree.Unreadable)) {
            problems.error(path, "must be " + form(type) + ", not " + tree.kind(), null);
        }
        return null;
    }

    private @Nullable Object single(Class<?> type, RecordComponent key, Tree.Scalar scalar, String path) {
        return switch (notations.of(type).read(scalar.text())) {
            case Parsed.Value(Object value) -> {
                boolean accepted = isWithinLimits(type, key, value, scalar.text(), path)
                        && isBuilt(value, path)
                        && isResolved(key, value, path);
                if (accepted) {
                    values.put(path, value);
                }
                yield accepted ? value : null;
            }
            case Parsed.Invalid<?> invalid -> {
                problems.error(path, invalid);
                yield null;
            }
        };
    }

    private boolean isWithinLimits(Class<?> type, RecordComponent key, Object value, String written, String path) {
        var limits = Limits.of(type, key.getAnnotation(Range.class));
        var breach = limits == null ? null : limits.breach(value, written);
        if (breach != null) {
            problems.error(path, breach, null);
        }
        return breach == null;
    }

    private boolean isBuilt(Object value, String path) {
        var unbuilt = Unbuilt.feature(value);
        if (unbuilt != null) {
            problems.error(path, "this version cannot " + unbuilt, "write another value, or remove the key");
        }
        return true;
    }

    /** Whether a value that names something names something that exists and is well formed. */
    private boolean isResolved(RecordComponent key, Object value, String path) {
        var target = key.getAnnotation(RefersTo.class);
        if (target == null) {
            return true;
        }
        var declared = declaredNames.computeIfAbsent(target.value(), this::declaredNames);
        if (!declared.contains(value.toString())) {
            problems.error(
                    path,
                    Problem.quoted(value) + " is not among the " + target.value(),
                    Suggestion.hint(value.toString(), declared, "the " + target.value() + " are"));
        }
        return boundNames.getOrDefault(target.value(), Set.of()).contains(value.toString());
    }

    private Set<String> declaredNames(String list) {
        var names = new LinkedHashSet<String>();
        if (root.entries().get(list) instanceof Tree.Sequence(var items)) {
            for (var item : items) {
                names.add(name(item));
            }
        }
        names.remove("");
        return names;
    }

    /** What tells an item of a list from the others; empty where it has nothing. */
    private static String name(Tree item) {
        return switch (item) {
            case Tree.Scalar(String text) -> text;
            case Tree.Mapping(var entries) when entries.get("name") instanceof Tree.Scalar(String text) -> text;
            default -> "";
        };
    }

    private String form(Class<?> type) {
        return type == List.class
                ? "a list"
                : notations.covers(type) ? notations.of(type).form() : "a group of keys";
    }

    private static Class<?> elementType(RecordComponent key) {
        return (Class<?>) ((ParameterizedType) key.getGenericType()).getActualTypeArguments()[0];
    }

    private static boolean isNullable(RecordComponent key) {
        return key.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static Object construct(Class<?> type, RecordComponent[] keys, @Nullable Object[] arguments) {
        try {
            var types = Arrays.stream(keys).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made of " + Arrays.toString(arguments), e);
        }
    }
}
