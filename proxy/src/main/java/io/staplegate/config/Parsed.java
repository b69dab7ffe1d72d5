package io.staplegate.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What came of reading one value. */
sealed interface Parsed<T> {
    /** It is well written. */
    record Value<T>(T value) implements Parsed<T> {}

    /** It is not, and why. */
    record Invalid<T>(String message, @Nullable String hint) implements Parsed<T> {}

    /** The same reading, of another type. */
    default <R> Parsed<R> map(Function<? super T, ? extends R> conversion) {
        return switch (this) {
            case Value<T>(T value) -> new Value<>(conversion.apply(value));
            case Invalid<T>(String message, var hint) -> new Invalid<>(message, hint);
        };
    }
}
