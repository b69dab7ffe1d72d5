package io.staplegate.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.fetch.Download.Version;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is too large costs no more than it must, and is known the next time. */
@Timeout(60)
final class DownloadsTest {
    private static final int CHUNK = 64 * 1024;
    /** What the kernel takes from the server before the other side has cut the connection. */
    private static final long UNDER_WAY = 16L * 1024 * 1024;

    private final ResponderClient client =
            new ResponderClient(Ocsp.config(), InstantSource.system(), new Telemetry(InstantSource.system()));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void aFileThatIsAnnouncedAsTooLargeIsNotRead() throws Exception {
        AtomicLong written = new AtomicLong();
        try (RawServer server = new RawServer((_, out) -> {
            head(out, "200 OK\r\nETag: \"7\"\r\nContent-Length: 1000000000");
            writeForEver(out, "", written);
        })) {
            assertThat(client.downloads().get(server.url(), Version.NONE))
                    .isInstanceOfSatisfying(Download.TooLarge.class, file -> {
                        assertThat(file.version()).isEqualTo(new Version("\"7\"", null));
                        assertThat(file.text()).endsWith("answered with more than " + Downloads.LARGEST + " bytes");
                    });
            assertThat(server.cut().await(10, SECONDS)).isTrue();
            assertThat(written).hasValueLessThan(UNDER_WAY);
        }
    }

    @Test
    void aFileThatTurnsOutTooLargeIsNotReadToItsEnd() throws Exception {
        AtomicLong written = new AtomicLong();
        String size = Integer.toHexString(CHUNK) + "\r\n";
        try (RawServer server = new RawServer((_, out) -> {
            head(out, "200 OK\r\nLast-Modified: today\r\nTransfer-Encoding: chunked");
            writeForEver(out, size, written);
        })) {
            assertThat(client.downloads().get(server.url(), Version.NONE))
                    .isInstanceOfSatisfying(
                            Download.TooLarge.class,
                            file -> assertThat(file.version()).isEqualTo(new Version(null, "today")));
            assertThat(server.cut().await(10, SECONDS)).isTrue();
            assertThat(written).hasValueLessThan(Downloads.LARGEST + UNDER_WAY);
        }
    }

    @Test
    void anErrorPageThatIsTooLargeHasNoVersion() throws Exception {
        try (RawServer server = new RawServer((_, out) -> {
            head(out, "404 Not Found\r\nETag: \"7\"\r\nContent-Length: 1000000000");
            writeForEver(out, "", new AtomicLong());
        })) {
            assertThat(client.downloads().get(server.url(), Version.NONE))
                    .isInstanceOfSatisfying(
                            Download.TooLarge.class,
                            file -> assertThat(file.version()).isEqualTo(Version.NONE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1\r\n\r\n0", "Transfer-Encoding: chunked\r\n\r\n1\r\n0\r\n0\r\n\r\n"})
    void aFileIsWholeWhereItsEndIsTold(String lengthAndBody) throws Exception {
        try (RawServer server =
                new RawServer((_, out) -> write(out, "HTTP/1.1 200 OK\r\nETag: \"7\"\r\n" + lengthAndBody))) {
            assertThat(client.downloads().get(server.url(), Version.NONE))
                    .isInstanceOfSatisfying(Download.Content.class, file -> {
                        assertThat(file.bytes()).containsExactly('0');
                        assertThat(file.isWhole()).isTrue();
                    });
        }
    }

    @Test
    void aFileThatEndsWithItsConnectionMayHaveBeenCutOff() throws Exception {
        try (RawServer server = new RawServer((_, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nETag: \"7\"\r\n\r\n0");
            out.close();
        })) {
            assertThat(client.downloads().get(server.url(), Version.NONE))
                    .isInstanceOfSatisfying(Download.Content.class, file -> {
                        assertThat(file.version()).isEqualTo(new Version("\"7\"", null));
                        assertThat(file.isWhole()).isFalse();
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "W/\"7\""})
    void aVersionIsNamedAsItCame(String tag) throws Exception {
        try (RawServer server =
                new RawServer((_, out) -> head(out, "304 Not Modified\r\nContent-Length: 1000000000"))) {
            Version known = new Version(tag, "Sun, 01 Mar 2026 00:00:00 GMT");

            assertThat(client.downloads().get(server.url(), known)).isEqualTo(new Download.Unchanged());
            assertThat(server.requests().getLast().headers())
                    .containsEntry("If-None-Match", tag)
                    .containsEntry("If-Modified-Since", "Sun, 01 Mar 2026 00:00:00 GMT");

            assertThat(client.downloads().get(server.url(), known.exact())).isEqualTo(new Download.Unchanged());
            assertThat(server.requests().getLast().headers())
                    .containsEntry("If-None-Match", tag)
                    .doesNotContainKey("If-Modified-Since");
        }
    }

    @Test
    void aDateIsNamedWhereThereIsNoTag() {
        Version dated = new Version(null, "Sun, 01 Mar 2026 00:00:00 GMT");

        assertThat(dated.exact()).isEqualTo(dated);
    }

    private static void head(OutputStream out, String statusAndHeaders) throws IOException {
        write(out, "HTTP/1.1 " + statusAndHeaders + "\r\n\r\n");
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    /** Until the other side has had enough. */
    private static void writeForEver(OutputStream out, String before, AtomicLong written) throws IOException {
        String after = before.isEmpty() ? "" : "\r\n";
        byte[] chunk = new byte[CHUNK];
        while (true) {
            out.write(before.getBytes(ISO_8859_1));
            out.write(chunk);
            out.write(after.getBytes(ISO_8859_1));
            written.addAndGet(CHUNK);
        }
    }
}
