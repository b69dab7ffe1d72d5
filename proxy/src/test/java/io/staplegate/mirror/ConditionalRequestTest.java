package io.staplegate.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get that have an answer already (RFC 9110 §13). */
@Timeout(60)
final class ConditionalRequestTest {
    @TempDir
    private Path folder;

    private Site site;
    private X509Certificate device;
    private CertId id;
    private String tag;

    @BeforeEach
    void open() throws IOException {
        site = new Site(folder);
        device = site.device("meter");
        id = site.id(device);
        tag = site.ask(id).header("ETag");
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void whoHasItAlreadyIsToldSo() throws IOException {
        try (Client client = site.connect()) {
            for (String known : List.of(tag, "W/" + tag, "\"a, b\",, W/\"other\" , " + tag, "*")) {
                Client.Reply reply =
                        client.send(Client.get(id, "If-None-Match: " + known)).readHead();
                assertThat(reply.status()).as(known).isEqualTo(304);
                assertThat(reply.headers()).containsEntry("ETag", tag).containsKeys("Expires", "Cache-Control", "Date");
            }
        }
        assertThat(site.count(MirrorOutcome.NOT_MODIFIED)).isEqualTo(4);
    }

    @Test
    void whoHasSomethingElseGetsIt() throws IOException {
        String digits = tag.substring(1, tag.length() - 1);
        List<String> others = List.of(
                "\"other\"",
                digits,
                "\"x" + digits + "\"",
                "\"x, " + tag + "\"",
                "\"other\"" + tag,
                "*, \"other\"",
                "");
        for (String other : others) {
            assertThat(status("If-None-Match: " + other)).as(other).isEqualTo(200);
        }
    }

    @Test
    void aListMayComeInSeveralLines() throws IOException {
        assertThat(status("If-None-Match: \"other\"", "If-None-Match: " + tag)).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 01 Mar 2026 00:00:00 GMT",
                "Sun, 01 Mar 2026 00:00:01 GMT",
                "Sunday, 01-Mar-26 00:00:00 GMT",
                "Sun Mar  1 00:00:00 2026",
            })
    void whoHasItSinceItWasMadeIsToldSo(String date) throws IOException {
        assertThat(status("If-Modified-Since: " + date)).isEqualTo(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sat, 28 Feb 2026 23:59:59 GMT", "yesterday", "0", ""})
    void whoHasAnOlderOneOrSaysNothingReadableGetsIt(String date) throws IOException {
        assertThat(status("If-Modified-Since: " + date)).isEqualTo(200);
        assertThat(status("If-Modified-Since: " + "x".repeat(100))).isEqualTo(200);
    }

    @Test
    void aDateCountsOnlyWhereItIsOneAndThereIsNoTag() throws IOException {
        String since = "If-Modified-Since: Sun, 01 Mar 2026 00:00:00 GMT";

        assertThat(status(since, "If-None-Match: \"other\"")).isEqualTo(200);
        assertThat(status(since, since)).isEqualTo(200);
    }

    /** The CA rounds thisUpdate, say: good and revoked are of the same moment, and 304 would confirm good. */
    @Test
    void aRevocationIsSentWhateverTheDateSays() throws IOException {
        X509Certificate stolen = site.device("stolen");
        site.book.revoke(stolen);
        String tagOfRevoked = site.ask(site.id(stolen)).header("ETag");

        try (Client client = site.connect()) {
            String since = "If-Modified-Since: Sun, 01 Mar 2026 00:00:00 GMT";
            assertThat(client.send(Client.get(site.id(stolen), since)).read().status())
                    .isEqualTo(200);
            assertThat(client.send(Client.get(site.id(stolen), "If-None-Match: " + tagOfRevoked))
                            .readHead()
                            .status())
                    .isEqualTo(304);
        }
    }

    @Test
    void headIsConditionalAsGetIs() throws IOException {
        try (Client client = site.connect()) {
            String head = Client.get(id, "If-None-Match: " + tag).replaceFirst("GET", "HEAD");
            assertThat(client.send(head).readHead().status()).isEqualTo(304);
        }
    }

    @Test
    void aPostIsAnsweredWhateverItsConditionSays() throws IOException {
        byte[] der = OcspRequest.encode(id);
        for (String condition : List.of(
                "If-None-Match: " + tag, "If-None-Match: *", "If-Modified-Since: Sun, 01 Mar 2026 00:00:00 GMT")) {
            String type = "Content-Type: application/ocsp-request";
            try (Client client = site.connect()) {
                client.send(Client.request("POST", "/", type, condition, "Content-Length: " + der.length));
                assertThat(client.send(der).read().ocspStatus()).as(condition).isEqualTo(OCSPResp.SUCCESSFUL);
            }
        }
    }

    /** The clock may be behind by less than anybody minds, or have been set back. */
    @Test
    void nothingWasModifiedAfterItIsSent() throws IOException {
        site.move(Duration.ofMinutes(-1));

        Client.Reply reply = site.ask(id);

        assertThat(reply.headers())
                .containsEntry("Date", "Sat, 28 Feb 2026 23:59:00 GMT")
                .containsEntry("Last-Modified", "Sat, 28 Feb 2026 23:59:00 GMT");
    }

    private int status(String... headers) throws IOException {
        try (Client client = site.connect()) {
            return client.send(Client.get(id, headers)).readHead().status();
        }
    }
}
