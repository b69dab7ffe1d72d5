package io.staplegate.telemetry;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A value for each constant of an enum, none left out. */
final class EachOf<E extends Enum<E>, V> {
    private final Map<E, V> values;

    EachOf(Class<E> type, Function<E, V> value) {
        values = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            values.put(constant, value.apply(constant));
        }
    }

    V get(E constant) {
        return Objects.requireNonNull(values.get(constant));
    }
}
