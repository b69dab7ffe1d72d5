package io.staplegate.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.demo.DemoPki;
import io.staplegate.demo.Issuance;
import io.staplegate.testing.Browser;
import io.staplegate.testing.BrowserPage;
import io.staplegate.testing.PageReview;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The status page of a real proxy, in a real browser. */
@Timeout(180)
final class StatusPageOfProxyTest {
    private static final int WIDE = 1280;

    @TempDir
    private static Path profile;

    private static Browser browser;

    @TempDir
    private Path folder;

    private Site site;

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Browser.start(profile);
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void open() throws IOException {
        site = Site.in(folder);
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @Test
    void aHealthyProxySaysThatAllIsGood() throws Exception {
        try (Proxy proxy = site.start();
                Device device = site.connect(proxy.ports())) {
            assertThat(device.echo("hello")).isEqualTo("hello");
            BrowserPage page = browser.open(WIDE, false).load(url(proxy));
            assertThat(page.text("h1")).isEqualTo("All good");
            assertThat(page.text("#certificates tbody")).contains("Good", "left", "refresh in");
            assertThat(page.text("#listeners")).contains("TLSv1.3");
            assertThat(page.text("#responders")).contains("Closed", "2 ok");
            PageReview.of(browser, url(proxy), "healthy");
        }
    }

    @Test
    void anOutageIsToldWithItsReasonAndTheTimeThatIsLeft() throws Exception {
        Later clock = new Later();
        try (Proxy proxy = site.start(Duration.ofHours(1), clock)) {
            site.responder().close();
            for (int i = 0; i < 3; i++) {
                refresh(proxy);
            }
            BrowserPage page = browser.open(WIDE, false).load(url(proxy));
            assertThat(page.text("h1")).isEqualTo("Attention");
            assertThat(page.text(".reasons"))
                    .contains("2 certificates could not be refreshed", "the first ends in 7 h", "1 responder is down");
            assertThat(page.text("#responders")).contains("Open", "next probe in", "cannot be connected to");

            clock.go(Duration.ofMinutes(7 * 60 + 30));
            page.load(url(proxy));
            assertThat(page.text("h1")).isEqualTo("Trouble");
            assertThat(page.text(".reasons")).contains("2 certificates have staples that end soon");
            PageReview.of(browser, url(proxy), "outage");

            clock.go(Duration.ofHours(1));
            page.load(url(proxy));
            assertThat(page.text("#certificates tbody")).contains("No staple", "Devices get no staple");
            PageReview.of(browser, url(proxy), "outage-over-the-end");
        }
    }

    @Test
    void aRevocationShowsUpWithoutAReloadAndDisturbsNobody() throws Exception {
        try (Proxy proxy = site.start()) {
            BrowserPage page = browser.open(WIDE, false).load(url(proxy));
            page.evaluate("window.loadedOnce = true");
            page.evaluate("document.querySelector('details').open = true");
            page.evaluate("document.getElementById('q').focus()");
            page.type("demo");

            site.book().revoke(site.pki().server());
            refresh(proxy);

            page.awaitText("1 certificate is revoked by its CA");
            assertThat(page.text("h1")).isEqualTo("Trouble");
            assertThat(page.evaluate("document.title").asString()).startsWith("Trouble");
            assertThat(page.evaluate("window.loadedOnce").asBoolean())
                    .as("the page is the same")
                    .isTrue();
            assertThat(page.evaluate("document.querySelector('details[open]') !== null")
                            .asBoolean())
                    .isTrue();
            assertThat(page.evaluate("document.activeElement.id + document.activeElement.value")
                            .asString())
                    .isEqualTo("qdemo");
            PageReview.of(browser, url(proxy), "revoked");
        }
    }

    @Test
    void hostileSubjectsOfRealCertificatesAreText() throws Exception {
        serve("script", "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">");
        serve("long", "b".repeat(65_536));
        serve("backwards", "gate\u202egnp.exe\u2066way\u200f");
        site.replace("identities: [demo]", "identities: [demo, script, long, backwards]");
        try (Proxy proxy = site.start()) {
            refresh(proxy);
            BrowserPage page = browser.open(WIDE, false).load(url(proxy));
            page.evaluate("document.querySelectorAll('details').forEach(row => row.open = true)");
            assertThat(page.text("#certificates tbody"))
                    .contains("CN=\\<script\\>document.title", "gate⟨U+202E⟩gnp.exe⟨U+2066⟩way⟨U+200F⟩");
            assertThat(page.text("h1")).isEqualTo("All good");
            assertThat(page.evaluate("document.title").asString()).doesNotContain("owned");
            assertThat(page.evaluate("document.querySelectorAll('main script, main img').length")
                            .asInt())
                    .isZero();
            assertThat(page.evaluate("document.body.innerHTML.length").asInt()).isLessThan(60_000);
            assertThat(page.complaints()).isEmpty();
            PageReview.of(browser, url(proxy), "hostile-subjects");
        }
    }

    @Test
    void aProxyThatIsGoneIsTold() throws Exception {
        BrowserPage page = browser.open(WIDE, false);
        try (Proxy proxy = site.start()) {
            page.load(url(proxy));
            assertThat(page.evaluate("document.getElementById('lost').hidden").asBoolean())
                    .isTrue();
        }
        page.awaitText("The proxy does not answer. What you see is from");
        assertThat(page.evaluate("document.title").asString()).startsWith("No answer");
        assertThat(page.text("h1")).as("what was good may not be so now").isEqualTo("No answer");
        page.shoot(Path.of("target", "screenshots", "gone-1280-light.png"));
    }

    @Test
    void itIsCompleteWithoutScripts() throws Exception {
        try (Proxy proxy = site.start()) {
            BrowserPage page = browser.open(WIDE, false).withoutScripts().load(url(proxy));
            page.shoot(Path.of("target", "screenshots", "without-scripts-1280-light.png"));
            page.load(url(proxy) + "?q=nobody&trouble=1");
            assertThat(page.text("#certificates")).contains("No certificate matches.", "Show all");
            assertThat(page.text("h1")).isEqualTo("All good");
        }
    }

    /** Configures an identity whose certificate has this common name, with the demo's key. */
    private void serve(String identity, String commonName) throws IOException {
        DemoPki pki = site.pki();
        Issuance issuance = Issuance.named(commonName)
                .valid(Instant.now().minusSeconds(60), Duration.ofDays(9))
                .names(identity + ".example")
                .responders(site.responder().url())
                .serverAuth();
        try (var pem = new JcaPEMWriter(Files.newBufferedWriter(folder.resolve(identity + ".pem")))) {
            pem.writeObject(pki.intermediate().issue(issuance, pki.server().getPublicKey()));
            pem.writeObject(pki.intermediate().certificate());
        }
        site.replace(
                "backends:",
                "  - { name: %s, certificate: %s.pem, key: server.key, issuers: ca.pem }\nbackends:"
                        .formatted(identity, identity));
    }

    private static String url(Proxy proxy) {
        return "http://127.0.0.1:" + proxy.ports().get("admin") + "/";
    }

    private static void refresh(Proxy proxy) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(proxy) + "refresh"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            await().atMost(30, SECONDS)
                    .until(() -> client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200);
        }
    }

    /** A clock that can be put forward. */
    private static final class Later implements InstantSource {
        private volatile Duration ahead = Duration.ZERO;

        void go(Duration time) {
            ahead = ahead.plus(time);
        }

        @Override
        public Instant instant() {
            return InstantSource.system().instant().plus(ahead);
        }
    }
}
