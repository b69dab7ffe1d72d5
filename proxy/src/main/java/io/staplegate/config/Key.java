package io.staplegate.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key of the configuration file: what the type and the annotations of a record's component say.
 *
 * @param type of the value; of an item, if the value is a list
 * @param notation how a single value is written; null for a group of keys
 * @param isList whether there may be several
 * @param isOneOrMore whether the list must not be empty, and one item may be written without it
 * @param isNullable whether the key may be absent, and then means nothing
 * @param standard the value of an absent key, as it would be written
 * @param limits of a number, a duration or a port
 * @param target the list whose items the value names
 */
record Key(
        String name,
        Class<?> type,
        @Nullable Notation notation,
        boolean isList,
        boolean isOneOrMore,
        boolean isNullable,
        @Nullable String standard,
        @Nullable Limits limits,
        @Nullable String target) {

    static Key of(RecordComponent component) {
        boolean isList = component.getType() == List.class;
        var type = isList ? itemType(component) : component.getType();
        var standard = component.getAnnotation(Default.class);
        var target = component.getAnnotation(RefersTo.class);
        return new Key(
                component.getName(),
                type,
                Notations.of(type),
                isList,
                component.isAnnotationPresent(OneOrMore.class),
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                standard == null ? null : standard.value(),
                Limits.of(type, component.getAnnotation(Range.class)),
                target == null ? null : target.value());
    }

    /** Whether there are keys below this one, or below the items of its list. */
    boolean isSection() {
        return notation == null;
    }

    /** Whether nothing stands in for an absent key. */
    boolean isRequired() {
        boolean canBeEmpty = isList ? !isOneOrMore : isSection();
        return standard == null && !isNullable && !canBeEmpty;
    }

    /** What to write for it, for messages. */
    String form() {
        return isList ? "a list" : itemForm();
    }

    /** What to write for it, or for one item of its list. */
    String itemForm() {
        return notation == null ? "a group of keys" : notation.form();
    }

    private static Class<?> itemType(RecordComponent list) {
        return (Class<?>) ((ParameterizedType) list.getGenericType()).getActualTypeArguments()[0];
    }
}
