package io.staplegate.fetch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of fetching a file onto the disk once. */
public sealed interface FileDownload {
    /**
     * It is there.
     *
     * @param version to name the next time
     * @param isWhole false where the end of the connection was the end of the file: {@link Download.Content}
     */
    record Stored(Download.Version version, boolean isWhole) implements FileDownload {}

    /** It is the version that was named. */
    record Unchanged() implements FileDownload {}

    /**
     * There is no file, or no whole one.
     *
     * @param text for people: lower case, no full stop, names the URL
     * @param retryAfter what the server asked for (RFC 9110 §10.2.3); null where it said nothing
     */
    record Failed(String text, @Nullable Duration retryAfter) implements FileDownload {}
}
