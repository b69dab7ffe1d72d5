package io.staplegate.admin.status;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The certificates that the filter lets through, worst first, a hundred a page. */
final class CertificateSection {
    private final List<CertificateState> all;
    private final List<CertificateState> matching;
    private final Filter filter;
    private final CertificateTable table;

    CertificateSection(List<CertificateState> all, Filter filter, Instant now) {
        this.all = all;
        this.filter = filter;
        this.matching = filter.matching(all);
        this.table = new CertificateTable(now);
    }

    void write(Html html) {
        html.open("section").with("id", "certificates").with("aria-labelledby", "certificates-title");
        html.open("div", "heading");
        html.open("h2").with("id", "certificates-title").text("Certificates").end();
        writeCounts(html);
        html.end();
        if (all.isEmpty()) {
            html.element("p", "nothing", "No identity is configured, so there is nothing to staple.");
        } else {
            html.open("div", "tools");
            writeForm(html);
            writeLegend(html);
            html.end();
            writeRows(html);
        }
        html.end();
    }

    private void writeCounts(Html html) {
        Map<Level, Long> counts = all.stream()
                .collect(Collectors.groupingBy(
                        CertificateState::level, () -> new EnumMap<>(Level.class), Collectors.counting()));
        html.open("p", "counts");
        count(html, Level.TROUBLE, counts, "in trouble");
        count(html, Level.ATTENTION, counts, "to watch");
        count(html, Level.GOOD, counts, "good");
        count(html, Level.IDLE, counts, "not stapled");
        html.end();
    }

    private static void count(Html html, Level level, Map<Level, Long> counts, String words) {
        Long number = counts.get(level);
        if (number != null) {
            html.open("span", "tally");
            level.drawIcon(html);
            html.text(Words.number(number) + " " + words).end().text(" ");
        }
    }

    private void writeForm(Html html) {
        html.open("form", "filter").with("method", "get").with("action", "/").with("role", "search");
        html.open("label").with("for", "q").text("Name, serial or error").end();
        html.open("input")
                .with("type", "search")
                .with("id", "q")
                .with("name", "q")
                .with("maxlength", String.valueOf(Filter.LONGEST_TEXT))
                .with("autocomplete", "off")
                .with("spellcheck", "false")
                .with("value", filter.text())
                .end();
        html.open("label", "choice");
        html.open("input")
                .with("type", "checkbox")
                .with("id", "trouble")
                .with("name", "trouble")
                .with("value", "1");
        (filter.onlyTrouble() ? html.with("checked", "") : html).end();
        html.text(" Only trouble").end();
        html.open("button").with("type", "submit").text("Show").end();
        if (filter.isSet()) {
            html.open("a").with("href", "/#certificates").text("Show all").end();
        }
        html.end();
    }

    private void writeRows(Html html) {
        int pages = Math.max(1, Math.ceilDiv(matching.size(), Filter.ROWS_A_PAGE));
        int page = Math.min(filter.page(), pages);
        int from = (page - 1) * Filter.ROWS_A_PAGE;
        int to = Math.min(from + Filter.ROWS_A_PAGE, matching.size());
        if (matching.isEmpty()) {
            html.element(
                    "p",
                    "nothing",
                    filter.onlyTrouble() && filter.text().isEmpty()
                            ? "No certificate is in trouble."
                            : "No certificate matches.");
            return;
        }
        table.write(html, matching.subList(from, to));
        if (pages > 1) {
            writePages(
                    html,
                    page,
                    pages,
                    "Rows " + Words.number(from + 1L) + " to " + Words.number(to) + " of "
                            + Words.number(matching.size()) + ", the worst first.");
        }
    }

    private static void writeLegend(Html html) {
        html.open("p", "legend").with("aria-hidden", "true");
        html.text("thisUpdate to nextUpdate: ");
        html.open("span").open("svg", "bar").with("width", "10").with("height", "12");
        html.open("line", "now")
                .with("x1", "5")
                .with("x2", "5")
                .with("y1", "0")
                .with("y2", "12")
                .end();
        html.end().text(" now").end().text(" ");
        html.open("span").open("svg", "bar").with("width", "12").with("height", "12");
        html.open("circle", "next")
                .with("cx", "6")
                .with("cy", "6")
                .with("r", "4")
                .end();
        html.end().text(" next refresh").end();
        html.end();
    }

    private void writePages(Html html, int page, int pages, String where) {
        html.open("nav", "pages").with("aria-label", "Pages of certificates");
        html.element("p", where);
        if (page > 1) {
            html.open("a")
                    .with("href", filter.url(page - 1))
                    .with("rel", "prev")
                    .text("Previous page")
                    .end()
                    .text(" ");
        }
        if (page < pages) {
            html.open("a")
                    .with("href", filter.url(page + 1))
                    .with("rel", "next")
                    .text("Next page")
                    .end()
                    .text(" ");
        }
        html.open("a").with("href", "/staples").text("All of them as JSON").end();
        html.end();
    }
}
