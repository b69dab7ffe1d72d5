package io.staplegate.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A key of the configuration file, found in the records as the reader finds it.
 *
 * @param path with {@code []} for the items of a list, for example {@code listeners[].bind}
 */
record Key(String path, RecordComponent component) {
    /** Every key that there is, each after the one that it is in. */
    static Stream<Key> all() {
        return below(Configuration.class, "");
    }

    private static Stream<Key> below(Class<?> type, String parent) {
        return Stream.of(type.getRecordComponents()).flatMap(component -> {
            var key = new Key(Document.path(parent, component.getName()), component);
            var inside = key.isList() ? key.path + "[]" : key.path;
            return key.isSection() ? Stream.concat(Stream.of(key), below(key.type(), inside)) : Stream.of(key);
        });
    }

    boolean isList() {
        return component.getType() == List.class;
    }

    /** Whether there are keys in it, or in its items. */
    boolean isSection() {
        return type().isRecord() && type() != SocketAddress.HostPort.class && type() != FileReference.class;
    }

    /** The type of the value, or of a list's items. */
    Class<?> type() {
        return isList()
                ? (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
                : component.getType();
    }

    /** Whether the key must be written, because nothing stands in for it. */
    boolean isRequired() {
        return !component.isAnnotationPresent(Default.class)
                && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                && (!isList() || component.isAnnotationPresent(OneOrMore.class))
                && (isList() || !isSection());
    }
}
