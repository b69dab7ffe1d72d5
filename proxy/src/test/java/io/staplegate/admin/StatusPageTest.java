package io.staplegate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.SocketAddress;
import io.staplegate.fetch.ResponderView;
import io.staplegate.identity.AdminAccess;
import io.staplegate.net.Transport;
import io.staplegate.relay.SessionBook;
import io.staplegate.staple.StapleView;
import io.staplegate.telemetry.DeviceCheck;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.Browser;
import io.staplegate.testing.BrowserPage;
import io.staplegate.testing.PageReview;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The status page of states that are hard to bring about: many certificates, hostile names, nothing at all. */
@Timeout(180)
final class StatusPageTest {
    private static final Logger LOG = LoggerFactory.getLogger(StatusPageTest.class);
    private static final Transport TRANSPORT = Transport.open(1);
    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");
    private static final String ERROR = "responder \"http://ocsp.example/\" gave no whole answer within 15000 ms";
    private static final int WIDE = 1280;

    @TempDir
    private static Path profile;

    private static Browser browser;

    private final Telemetry telemetry = new Telemetry(InstantSource.fixed(NOW));
    private volatile List<StapleView> rows = List.of();
    private volatile List<ResponderView> responders = List.of();
    private AdminServer server;

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Browser.start(profile);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
        TRANSPORT.close();
    }

    @BeforeEach
    void open() throws IOException {
        Desk desk = new Desk(
                () -> rows,
                _ -> true,
                (_, _) -> List.of(),
                List::of,
                List::of,
                () -> responders,
                new SessionBook(InstantSource.system()),
                CompletableFuture::new,
                () -> true,
                telemetry,
                InstantSource.fixed(NOW));
        server = AdminServer.open(new SocketAddress.HostPort("127.0.0.1", 0), () -> AdminAccess.OPEN, desk, TRANSPORT);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void ofManyCertificatesTheWorstComeFirstAndTheRestIsCounted() throws IOException {
        fleet(500);
        BrowserPage page = browser.open(WIDE, false).load(url());

        assertThat(page.evaluate("document.querySelectorAll('#certificates tbody tr').length")
                        .asInt())
                .isEqualTo(100);
        assertThat(page.text("#certificates tbody tr")).contains("gateway-0007", "Revoked");
        assertThat(page.text(".counts")).contains("8 in trouble", "20 to watch", "452 good", "20 not stapled");
        assertThat(page.text(".pages")).contains("Rows 1 to 100 of 500", "Next page", "All of them as JSON");

        page.load(url() + "?trouble=1&q=GATEWAY-00");
        assertThat(page.text("#certificates tbody")).contains("gateway-0007").doesNotContain("gateway-0001");
        page.load(url() + "?page=5");
        assertThat(page.text(".pages"))
                .contains("Rows 401 to 500 of 500", "Previous page")
                .doesNotContain("Next page");
        page.load(url() + "?page=99999999999&q=" + "x".repeat(2000));
        assertThat(page.text("#certificates")).contains("No certificate matches.");
        assertThat(page.complaints()).isEmpty();
        PageReview.of(browser, url(), "five-hundred");
    }

    @Test
    void hostileNamesAreTextAndStayInTheirPlace() throws IOException {
        String script = "<script>alert(1)</script><img src=x onerror=alert(2)>";
        rows = List.of(
                row(script, "CN=" + script + "\"' onmouseover='alert(3)", 0, "good", script),
                row("a".repeat(65_536), "CN=" + "b".repeat(65_536), 1, "good", "c".repeat(65_536)),
                row("gate\u202egnp.exe\u2066way\u0000\u001b[31m", "CN=\u202eevil, O=\u200f\ud800", 0, "revoked", null),
                row(
                        "\u05e9\u05e2\u05e8 \u0645\u0628\u0646\u06cc\u200c\u0627",
                        "CN=\u0628\u0648\u0627\u0628\u0629",
                        0,
                        "good",
                        null),
                row("a&b;</main><!--", "CN=<!--", 0, "good", "]]>"));
        responders = List.of(new ResponderView(
                script, ResponderView.Circuit.OPEN, NOW.plusSeconds(9), null, script + "d".repeat(9_000), NOW));
        telemetry.listenerKnown("</table>" + script);
        telemetry.crls().known("http://" + script + "x".repeat(500), true);

        BrowserPage page = browser.open(WIDE, false).load(url());
        assertThat(page.text("#certificates")).contains("<script>alert(1)</script>", "gate⟨U+202E⟩gnp.exe⟨U+2066⟩way");
        assertThat(page.evaluate("document.querySelectorAll('main script, main img, [onmouseover]').length")
                        .asInt())
                .isZero();
        assertThat(page.evaluate("document.body.innerHTML.length").asInt()).isLessThan(60_000);
        page.load(url() + "?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
        assertThat(page.evaluate("document.getElementById('q').value").asString())
                .isEqualTo("\"><script>alert(1)</script>");
        assertThat(page.complaints()).isEmpty();
        PageReview.of(browser, url(), "hostile-names");
    }

    @Test
    void nothingToStapleIsANormalState() throws IOException {
        PageReview.of(browser, url(), "empty");
        rows = List.of(
                new Row("no-ocsp", 0, "absent").of(null, null),
                new Row("off", 0, "absent").stapling("off").of(null, null));
        BrowserPage page = browser.open(WIDE, false).load(url());
        assertThat(page.text("h1")).isEqualTo("Nothing to staple");
        assertThat(page.text("#certificates tbody")).contains("Names no OCSP responder", "Not stapled, as configured");
        PageReview.of(browser, url(), "nothing-to-staple");
    }

    @Test
    void aKeyboardReachesEverythingAndItShows() throws IOException {
        fleet(3);
        BrowserPage page = browser.open(WIDE, false).load(url());
        List<String> reached = new ArrayList<>();
        do {
            page.press("Tab");
            reached.add(page.evaluate("document.activeElement.outerHTML").asString());
            if (!reached.getLast().startsWith("<body")) {
                assertThat(page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                                .asString())
                        .as("focus on " + reached.getLast())
                        .isEqualTo("solid");
            }
        } while (!reached.getLast().startsWith("<body"));
        int reachable = page.evaluate("document.querySelectorAll('a, input, button, summary').length")
                .asInt();
        assertThat(reached).hasSize(reachable + 1);
        assertThat(reached.getFirst()).contains("Skip to the status");
    }

    @Test
    void tenThousandIdentitiesMakeASmallPageSoon() throws IOException {
        fleet(10_000);
        long best = Long.MAX_VALUE;
        int bytes = 0;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            HttpReply reply = HttpReply.to(port(), "GET", "/", "Accept: text/html");
            best = Math.min(best, System.nanoTime() - start);
            bytes = reply.body().getBytes(UTF_8).length;
        }
        assertThat(bytes).isLessThan(300_000);
        assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
        LOG.atInfo()
                .addKeyValue("best", Duration.ofNanos(best))
                .addKeyValue("bytes", bytes)
                .log("10,000 identities");
    }

    @Test
    void whoDoesNotNameHtmlGetsTheIndex() throws IOException {
        assertThat(HttpReply.to(port(), "GET", "/", "Accept: */*").body()).startsWith("Staplegate\n");
        HttpReply page = HttpReply.to(port(), "GET", "/", "Accept: text/html,application/xml;q=0.9");
        assertThat(page.headers())
                .containsEntry("Content-Type", "text/html; charset=utf-8")
                .containsEntry("Vary", "Accept");
        assertThat(page.headers().get("Content-Security-Policy"))
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain(" style=", "<style", "<script>");
        assertThat(HttpReply.to(port(), "GET", "/status.css").headers())
                .containsEntry("Content-Type", "text/css; charset=utf-8");
        assertThat(HttpReply.to(port(), "GET", "/status.js").headers())
                .containsEntry("Content-Type", "text/javascript; charset=utf-8");
    }

    private int port() {
        return server.port().orElseThrow();
    }

    private String url() {
        return "http://127.0.0.1:" + port() + "/";
    }

    /** Of a hundred: one that is revoked, four that could not be refreshed, four without a responder. */
    private void fleet(int size) {
        rows = IntStream.range(0, size).mapToObj(StatusPageTest::member).toList();
        responders = List.of(
                new ResponderView(
                        "ocsp.example:80",
                        ResponderView.Circuit.OPEN,
                        NOW.plusSeconds(21),
                        NOW.minusSeconds(3600),
                        ERROR,
                        NOW.minusSeconds(9)),
                new ResponderView(
                        "ocsp2.example:443", ResponderView.Circuit.CLOSED, null, NOW.minusSeconds(4), null, null));
        IntStream.range(0, 40)
                .forEach(i -> telemetry.responderRequested(
                        "ocsp.example:80", i < 30 ? "ok" : "timeout", Duration.ofMillis(40)));
        for (String listener : List.of("mqtts", "coaps")) {
            telemetry.handshakeEnded(listener, "TLSv1.3", Telemetry.HandshakeOutcome.OK, Duration.ofMillis(3));
            telemetry.handshakeEnded(
                    listener, "TLSv1.2", Telemetry.HandshakeOutcome.ALERT_RECEIVED, Duration.ofMillis(3));
            telemetry.handshakeStapled(listener, Telemetry.StapleKind.CHAIN);
            telemetry.sessionOpened(listener);
            telemetry.deviceChecked(listener, DeviceCheck.GOOD);
            telemetry.deviceChecked(listener, DeviceCheck.UNAVAILABLE_ALLOWED);
        }
        telemetry.crls().known("crl.example:80/devices.crl", true);
        telemetry
                .crls()
                .held(
                        "crl.example:80/devices.crl",
                        NOW.minus(Duration.ofDays(1)),
                        NOW.plus(Duration.ofDays(3)),
                        120_345,
                        2_800_000);
        telemetry.crls().known("crl.example:80/old.crl", true);
        telemetry
                .crls()
                .held("crl.example:80/old.crl", NOW.minus(Duration.ofDays(1)), NOW.minus(Duration.ofHours(2)), 17, 900);
    }

    private static StapleView member(int i) {
        String name = String.format("gateway-%04d", i);
        Instant from = NOW.minus(Duration.ofHours(i % 40));
        return switch (i % 100) {
            case 7 -> new Row(name, 0, "revoked").of(from, null);
            case 11, 12, 13, 14 -> new Row(name, 0, "good").of(from, ERROR);
            case 15, 16, 17, 18 -> new Row(name, 0, "absent").of(null, null);
            case 19 ->
                i < 300
                        ? new Row(name, 0, "absent").stapling("must").of(null, ERROR)
                        : new Row(name, 0, "good").of(from, null);
            default -> new Row(name, i % 2, "good").of(from, null);
        };
    }

    private static StapleView row(String name, String subject, int position, String status, @Nullable String error) {
        return new StapleView(
                name,
                "0a1b2c3d",
                position,
                subject,
                status,
                "http://ocsp.example/" + name,
                NOW.minusSeconds(3600),
                NOW.plusSeconds(7200),
                NOW.minusSeconds(3500),
                NOW.plusSeconds(900),
                error,
                471,
                "responder",
                "auto",
                NOW.plus(Duration.ofDays(90)));
    }

    /** A row that is being made up. */
    private record Row(String name, int position, String status, String stapling) {
        Row(String name, int position, String status) {
            this(name, position, status, "auto");
        }

        Row stapling(String other) {
            return new Row(name, position, status, other);
        }

        /** {@code from}: null without a staple. */
        StapleView of(@Nullable Instant from, @Nullable String error) {
            boolean asked = from != null || error != null;
            return new StapleView(
                    name,
                    Integer.toHexString(name.hashCode()),
                    position,
                    "CN=" + name + ".example, O=ACME",
                    status,
                    asked ? "http://ocsp.example/" : null,
                    from,
                    from == null ? null : from.plus(Duration.ofDays(2)),
                    from == null ? null : from.plusMillis(1500),
                    asked ? NOW.plus(Duration.ofMinutes(40)) : null,
                    error,
                    from == null ? 0 : 471,
                    !asked ? null : error == null ? "responder" : "last_good",
                    stapling,
                    NOW.plus(Duration.ofDays(90)));
        }
    }
}
