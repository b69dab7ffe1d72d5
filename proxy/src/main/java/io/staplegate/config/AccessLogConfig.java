package io.staplegate.config;

import org.jspecify.annotations.Nullable;

/**
 * One line per session: {@code accessLog}.
 *
 * @param format {@code off}, {@code text} or {@code json}
 * @param file where the lines go; absent: standard error
 */
public record AccessLogConfig(
        @Default("off") Format format, @Nullable FileReference file) {
    /** The form of an access log line. */
    public enum Format {
        OFF,
        TEXT,
        JSON
    }
}
