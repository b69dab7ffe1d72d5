package io.staplegate.telemetry;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A value for each constant of an enum, none left out. */
final class EachOf<E extends Enum<E>, V> {
    private final Class<E> type;
    private final Map<E, V> values;

    EachOf(Class<E> type, Function<E, V> value) {
        this.type = type;
        this.values = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            values.put(constant, value.apply(constant));
        }
    }

    V get(E constant) {
        return Objects.requireNonNull(values.get(constant));
    }

    /** What a function makes of each value now; immutable, in the enum's order. */
    <R> Map<E, R> read(Function<V, R> reading) {
        Map<E, R> readings = new EnumMap<>(type);
        values.forEach((constant, value) -> readings.put(constant, reading.apply(value)));
        return Collections.unmodifiableMap(readings);
    }
}
