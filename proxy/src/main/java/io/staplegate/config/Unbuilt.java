package io.staplegate.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds what a configuration asks for that does not exist yet: what {@link NotYet} marks. */
final class Unbuilt {
    private Unbuilt() {}

    /** What a key asks for, or null; an empty list asks for nothing. */
    static @Nullable String feature(RecordComponent key, Tree tree) {
        boolean asksForNothing = tree instanceof Tree.Sequence(var items) && items.isEmpty();
        var mark = key.getAnnotation(NotYet.class);
        return mark == null || asksForNothing ? null : mark.value();
    }

    /** What a value asks for, or null. */
    static @Nullable String feature(Object value) {
        return value instanceof Enum<?> constant
                ? Arrays.stream(constant.getDeclaringClass().getFields())
                        .filter(field -> field.getName().equals(constant.name()))
                        .map(field -> field.getAnnotation(NotYet.class))
                        .filter(mark -> mark != null)
                        .map(NotYet::value)
                        .findFirst()
                        .orElse(null)
                : null;
    }
}
