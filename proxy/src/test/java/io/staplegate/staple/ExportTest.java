package io.staplegate.staple;

import static io.staplegate.staple.Site.LEEWAY;
import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.identity.Identity;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file beside another proxy. */
final class ExportTest {
    @TempDir
    private Path directory;

    private final TestClock clock = new TestClock(START);
    private Path file;
    private Site site;
    private Staples staples;

    @BeforeEach
    void open() throws IOException {
        file = directory.resolve("site.pem.ocsp");
        site = new Site(clock);
        staples = site.room(directory.resolve("state"));
    }

    @AfterEach
    void close() {
        staples.close();
        site.close();
    }

    @Test
    void holdsTheLeafsStapleAndFollowsIt() throws Exception {
        Identity identity = exporting(OnRevoked.STAPLE);
        staples.start(List.of(identity));
        awaitExported(identity);

        clock.move(Duration.ofHours(1));
        staples.refresh("site");
        awaitExported(identity);
    }

    @Test
    void isNotTouchedWhileNothingChanges() throws Exception {
        Identity identity = exporting(OnRevoked.STAPLE);
        staples.start(List.of(identity));
        awaitExported(identity);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        staples.close();

        staples = site.room(directory.resolve("state"));
        staples.start(List.of(identity));
        staples.close();

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(1));
    }

    @Test
    void goesWhenTheStapleEndsAndNothingFollows() throws Exception {
        Identity identity = exporting(OnRevoked.STAPLE);
        staples.start(List.of(identity));
        awaitExported(identity);
        site.stopResponder();

        clock.move(VALIDITY.minus(LEEWAY));

        await().untilAsserted(() -> assertThat(file).doesNotExist());
    }

    @Test
    void goesWhenARevokedCertificateIsRefused() throws Exception {
        Identity identity = exporting(OnRevoked.REFUSE);
        staples.start(List.of(identity));
        awaitExported(identity);

        clock.move(Duration.ofHours(1));
        site.book.revoke(identity.leaf());
        staples.refresh("site");

        await().untilAsserted(() -> assertThat(file).doesNotExist());
    }

    @Test
    void staysWhileItIsGoodThoughAnotherRunLeftItAndThereIsNoResponder() throws Exception {
        Identity identity = exporting(OnRevoked.STAPLE);
        staples.start(List.of(identity));
        awaitExported(identity);
        staples.close();
        site.stopResponder();

        staples = site.room(directory.resolve("empty"));
        staples.start(List.of(identity));
        staples.close();
        assertThat(file).exists();
    }

    @Test
    void isLeftAloneWhereItIsNoResponse() throws Exception {
        Files.writeString(file, "keys to the kingdom");
        Identity identity = exporting(OnRevoked.STAPLE);
        staples.start(List.of(identity));
        assertThat(staples.current(identity).staples()).doesNotContainNull();
        site.stopResponder();
        clock.move(VALIDITY);
        staples.refresh("site");
        staples.close();

        assertThat(file).hasContent("keys to the kingdom");
        assertThat(site.telemetry.scrape("text/plain"))
                .containsPattern("staplegate_export_failures_total\\{identity=\"site\"} [1-9]");
    }

    /** Whoever opened the pipe would wait for a writer for ever. */
    @Test
    void isLeftAloneWhereItIsAPipe() throws Exception {
        ExternalProgram.named("mkfifo").run(file);
        try (LogLines log = new LogLines(Export.class)) {
            staples.start(List.of(exporting(OnRevoked.STAPLE)));
            await().untilAsserted(() -> assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("staple cannot be exported", "is not a regular file"));
        }
        assertThat(file).exists();
    }

    @Test
    void mayBeThereAndEmpty() throws Exception {
        Files.createFile(file);
        Identity identity = exporting(OnRevoked.STAPLE);
        staples.start(List.of(identity));

        awaitExported(identity);
    }

    @Test
    void costsAMetricAndOneLineWhereItCannotBeWritten() throws Exception {
        file = directory.resolve("missing/site.pem.ocsp");
        Identity identity = exporting(OnRevoked.STAPLE);
        try (LogLines log = new LogLines(Export.class)) {
            staples.start(List.of(identity));
            clock.move(Duration.ofHours(1));
            staples.refresh("site");
            staples.close();

            assertThat(log.lines()).singleElement().asString().startsWith("WARN staple cannot be exported");
        }
        assertThat(staples.current(identity).staples()).doesNotContainNull();
        assertThat(site.telemetry.scrape("text/plain"))
                .containsPattern("staplegate_export_failures_total\\{identity=\"site\"} [2-9]");
    }

    private Identity exporting(OnRevoked onRevoked) {
        IdentityConfig config = Site.exportedTo(Site.with(Site.config("site"), onRevoked), file);
        return site.identity(config, site.leaf("site"));
    }

    private void awaitExported(Identity identity) {
        await().untilAsserted(() -> assertThat(file)
                .hasBinaryContent(staples.current(identity).staples().getFirst().dressed()));
    }
}
