package io.staplegate.admin.status;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The top of the page: whether anything is wrong, and what. */
final class SummarySection {
    private static final int MOST_REASONS = 8;

    private final Snapshot snapshot;
    private final List<CertificateState> certificates;
    private final Outlook outlook;

    SummarySection(Snapshot snapshot, List<CertificateState> certificates, Outlook outlook) {
        this.snapshot = snapshot;
        this.certificates = certificates;
        this.outlook = outlook;
    }

    void write(Html html) {
        html.open("section", "summary " + outlook.level().word()).with("aria-labelledby", "state");
        html.open("div", "verdict").with("role", "status");
        html.open("h1").with("id", "state");
        outlook.level().drawIcon(html);
        html.element("span", outlook.level().headline()).end();
        if (outlook.reasons().isEmpty()) {
            html.element("p", "reassurance", reassurance());
        } else {
            writeReasons(html);
        }
        html.open("p", "lost").with("id", "lost").with("hidden", "").end();
        html.end();
        writeFacts(html);
        html.end();
    }

    private void writeReasons(Html html) {
        html.open("ul", "reasons");
        outlook.reasons().stream().limit(MOST_REASONS).forEach(reason -> {
            html.open("li");
            reason.level().drawIcon(html);
            html.open("a")
                    .with("href", "#" + reason.section())
                    .text(reason.text())
                    .end();
            html.end();
        });
        html.end();
    }

    private String reassurance() {
        if (certificates.isEmpty()) {
            return "There are no certificates yet: the configuration names no identity.";
        }
        long fresh = certificates.stream()
                .filter(state -> state.condition() == Condition.FRESH)
                .count();
        long other = certificates.size() - fresh;
        if (fresh == 0) {
            return "No certificate here is to be stapled: " + Words.count(other, "certificate")
                    + " without a responder.";
        }
        return Condition.FRESH.sentence(fresh) + (other == 0 ? "." : "; " + Words.number(other) + " more need none.");
    }

    private void writeFacts(Html html) {
        Instant now = snapshot.now();
        html.open("dl", "facts");
        fact(html, "Proxy’s clock", () -> Words.moment(html, now));
        fact(
                html,
                "Next refresh",
                () -> html.text(nextRefresh().map(next -> Words.in(now, next)).orElse("none planned")));
        fact(html, "Up", () -> html.text(Words.span(snapshot.readings().uptime())));
        fact(html, "Version", () -> html.text(snapshot.readings().version()));
        html.end();
    }

    private Optional<Instant> nextRefresh() {
        return certificates.stream()
                .map(state -> state.staple().nextRefresh())
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder());
    }

    private static void fact(Html html, String name, Runnable value) {
        html.open("div").element("dt", name).open("dd");
        value.run();
        html.end().end();
    }
}
