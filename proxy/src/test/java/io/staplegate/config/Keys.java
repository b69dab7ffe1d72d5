package io.staplegate.config;

import java.util.stream.Stream;

/**
 * Every key of the configuration, by its path.
 *
 * @param path with {@code []} for the items of a list, for example {@code listeners[].bind}
 */
record Keys(String path, Key key) {
    /** Every key that there is, each after the one that it is in. */
    static Stream<Keys> all() {
        return below(Configuration.class, "");
    }

    private static Stream<Keys> below(Class<?> type, String parent) {
        return Section.of(type).keys().stream().flatMap(key -> {
            var path = Document.path(parent, key.name());
            var inside = key.isList() ? path + "[]" : path;
            var here = Stream.of(new Keys(path, key));
            return key.isSection() ? Stream.concat(here, below(key.type(), inside)) : here;
        });
    }
}
