package io.staplegate.config;

import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bounds that a value must keep: its {@link Range}, or else what is usual for its type. */
record Limits(String min, String max) {
    /** The bounds of a number, a duration or an address's port; null where values of a type have none. */
    static @Nullable Limits of(Class<?> type, @Nullable Range range) {
        var usual = usual(type);
        if (usual == null || range == null) {
            return usual;
        }
        return new Limits(
                range.min().isEmpty() ? usual.min : range.min(), range.max().isEmpty() ? usual.max : range.max());
    }

    private static @Nullable Limits usual(Class<?> type) {
        if (type == int.class) {
            return new Limits("0", String.valueOf(Integer.MAX_VALUE));
        }
        if (type == Duration.class) {
            return new Limits("1ms", "365d");
        }
        return SocketAddress.class.isAssignableFrom(type) ? new Limits("0", "65535") : null;
    }

    /** What is wrong with a value that was written so, or null. */
    @Nullable
    String breach(Object value, String written) {
        return switch (value) {
            case Integer number -> breach(number, Problem.quoted(written), Integer::valueOf);
            case Duration duration -> breach(duration, Problem.quoted(written), Notations::durationOf);
            case SocketAddress.HostPort address -> breach(address.port(), "port " + address.port(), Integer::valueOf);
            default -> null;
        };
    }

    private <T extends Comparable<T>> @Nullable String breach(T value, String subject, Function<String, T> read) {
        if (value.compareTo(read.apply(min)) < 0) {
            return subject + " is less than " + min;
        }
        return value.compareTo(read.apply(max)) > 0 ? subject + " is more than " + max : null;
    }
}
