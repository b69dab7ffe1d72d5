package io.staplegate.config;

import org.jspecify.annotations.Nullable;

/**
 * What is written to standard error while the proxy runs: {@code log}.
 *
 * @param format {@code text} for people, {@code json} for machines
 * @param level the least that is written; absent: as the environment's {@code STAPLEGATE_LOG_LEVEL} says, else
 *     {@code info}
 */
public record LogConfig(
        @Default("text") Format format, @Nullable Level level) {
    /** The form of a line. */
    public enum Format {
        TEXT,
        JSON
    }

    /** How much a line matters. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG
    }
}
