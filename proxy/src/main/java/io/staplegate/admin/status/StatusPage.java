package io.staplegate.admin.status;

import java.util.List;
import java.util.Map;

/** The page that says at a glance whether anything is wrong, and what. A pure function of a {@link Snapshot}. */
public final class StatusPage {
    /** Nothing but what comes from here, and neither scripts nor styles within the page. */
    public static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; "
            + "connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static final List<Map.Entry<String, String>> OTHERS = List.of(
            Map.entry("/metrics", "Metrics"),
            Map.entry("/staples", "Staples"),
            Map.entry("/devices", "Devices"),
            Map.entry("/readyz", "Readiness"));

    private StatusPage() {}

    /**
     * The whole page in UTF-8: some 200 KiB at most, however many certificates there are.
     *
     * @param query of the URL: {@code q}, {@code trouble}, {@code page}
     */
    public static byte[] html(Snapshot snapshot, Map<String, List<String>> query) {
        List<CertificateState> certificates = CertificateState.of(snapshot.staples(), snapshot.now());
        Outlook outlook = Outlook.of(snapshot, certificates);
        Html html = new Html();
        html.open("html").with("lang", "en");
        writeHead(html, outlook);
        html.open("body");
        html.open("a", "skip").with("href", "#main").text("Skip to the status").end();
        Level.defineIcons(html);
        html.open("header", "top").element("p", "brand", "Staplegate").end();
        html.open("main").with("id", "main").with("tabindex", "-1");
        new SummarySection(snapshot, certificates, outlook).write(html);
        new CertificateSection(certificates, Filter.of(query), snapshot.now()).write(html);
        new ResponderSection(snapshot).write(html);
        new ListenerSection(snapshot).write(html);
        new DeviceSection(snapshot).write(html);
        new ProxySection(snapshot).write(html);
        html.end();
        writeFooter(html);
        return html.end().end().bytes();
    }

    private static void writeHead(Html html, Outlook outlook) {
        html.open("head").open("meta").with("charset", "utf-8").end();
        html.element("title", outlook.level().headline() + " · Staplegate");
        html.open("meta")
                .with("name", "viewport")
                .with("content", "width=device-width, initial-scale=1")
                .end();
        html.open("meta")
                .with("name", "color-scheme")
                .with("content", "light dark")
                .end();
        html.open("link")
                .with("rel", "icon")
                .with("href", outlook.level().tabIcon())
                .end();
        html.open("link").with("rel", "stylesheet").with("href", "/status.css").end();
        html.open("script").with("src", "/status.js").with("defer", "").end();
        html.end();
    }

    private static void writeFooter(Html html) {
        html.open("footer");
        html.open("nav").with("aria-label", "Other pages");
        for (Map.Entry<String, String> page : OTHERS) {
            html.open("a")
                    .with("href", page.getKey())
                    .text(page.getValue())
                    .end()
                    .text(" ");
        }
        html.end().end();
    }
}
