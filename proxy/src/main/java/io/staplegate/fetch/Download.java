package io.staplegate.fetch;

import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of fetching a file once. */
public sealed interface Download {
    /**
     * The file.
     *
     * @param bytes 1 byte to 32 MiB
     * @param version to name the next time
     * @param isWhole false where the end of the connection was the end of the file: it may have been cut off (RFC 9112
     *     §8)
     */
    record Content(byte[] bytes, Version version, boolean isWhole) implements Download {}

    /** It is the version that was named. */
    record Unchanged() implements Download {}

    /**
     * The file is larger than what is taken.
     *
     * @param text for people: lower case, no full stop, names the URL
     * @param version to name the next time
     */
    record TooLarge(String text, Version version) implements Download {}

    /**
     * No file.
     *
     * @param text for people: lower case, no full stop, names the URL
     * @param retryAfter what the server asked for (RFC 9110 §10.2.3); null where it said nothing
     */
    record Failed(String text, @Nullable Duration retryAfter) implements Download {}

    /**
     * How a server tells versions of a file apart (RFC 9110 §8.8); null where it did not say.
     *
     * @param entityTag the value of {@code ETag}
     * @param lastModified the value of {@code Last-Modified}
     */
    record Version(@Nullable String entityTag, @Nullable String lastModified) {
        /** None is known. */
        public static final Version NONE = new Version(null, null);

        /**
         * What names this very file, among others of any age: the tag alone where there is one. A date asks for what is
         * newer, and what comes in place of a useless file may be older.
         */
        public Version exact() {
            return entityTag == null ? this : new Version(entityTag, null);
        }

        static Version of(HttpHeaders headers) {
            return new Version(printable(headers, "ETag"), printable(headers, "Last-Modified"));
        }

        private static @Nullable String printable(HttpHeaders headers, String name) {
            return headers.firstValue(name)
                    .filter(value -> value.matches("[\\x20-\\x7e]{1,200}"))
                    .orElse(null);
        }

        void condition(HttpRequest.Builder request) {
            if (entityTag != null) {
                request.header("If-None-Match", entityTag);
            }
            if (lastModified != null) {
                request.header("If-Modified-Since", lastModified);
            }
        }
    }
}
