package io.staplegate.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A group of keys: a record of the configuration.
 *
 * @param keys in the order of the record's components
 */
record Section(List<Key> keys, Constructor<?> constructor) {
    private static final ClassValue<Section> SECTIONS = new ClassValue<>() {
        @Override
        protected Section computeValue(Class<?> type) {
            return read(type);
        }
    };

    static Section of(Class<?> type) {
        return SECTIONS.get(type);
    }

    private static Section read(Class<?> type) {
        var components = type.getRecordComponents();
        var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return new Section(Stream.of(components).map(Key::of).toList(), type.getDeclaredConstructor(types));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " has no canonical constructor", e);
        }
    }

    List<String> names() {
        return keys.stream().map(Key::name).toList();
    }

    Object make(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(constructor + " does not take " + Arrays.toString(values), e);
        }
    }
}
