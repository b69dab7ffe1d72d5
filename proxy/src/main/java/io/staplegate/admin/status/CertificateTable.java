package io.staplegate.admin.status;

import io.staplegate.staple.StapleView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A row for each certificate: what it is, how it is, and how long its staple lasts. */
final class CertificateTable {
    private static final List<String> HEADINGS = List.of("Certificate", "Status", "Staple");

    private final Instant now;

    CertificateTable(Instant now) {
        this.now = now;
    }

    void write(Html html, List<CertificateState> rows) {
        Table table = Table.begin(html, "certificates", "Certificates and their staples, the worst first", HEADINGS);
        rows.forEach(row -> write(html, table, row));
        table.end();
    }

    private void write(Html html, Table table, CertificateState state) {
        StapleView staple = state.staple();
        table.row(state.id(), state.level().word(), () -> writeName(html, staple))
                .cell("status", () -> writeStatus(html, state))
                .cell("staple", () -> {
                    writeTime(html, state);
                    writeError(html, staple);
                    writeDetails(html, state);
                })
                .endRow();
    }

    private static void writeName(Html html, StapleView staple) {
        html.open("span", "name");
        Name.write(html, staple.identity());
        html.end();
        html.open("span", "sub").text(position(staple.position()) + ", ");
        html.element("code", Name.plain(staple.certificate()));
        html.end();
    }

    private static void writeStatus(Html html, CertificateState state) {
        html.open("span", "word " + state.level().word());
        state.level().drawIcon(html);
        html.text(state.condition().word()).end();
        if (state.staple().position() == 0 && state.staple().stapling().equals("must")) {
            html.element("span", "sub", "must be stapled");
        }
    }

    private void writeTime(Html html, CertificateState state) {
        StapleView staple = state.staple();
        Instant from = staple.thisUpdate();
        Instant until = staple.nextUpdate();
        Instant next = staple.nextRefresh();
        String then = next == null ? "" : (from == null ? "next try " : "refresh ") + Words.in(now, next);
        if (from == null || until == null) {
            html.open("p", "times").element("span", withoutStaple(state.condition()));
            html.element("span", "sub", then).end();
            return;
        }
        String left = Words.span(Duration.between(now, until)) + " left";
        html.open("p", "times").element("strong", left);
        html.element("span", "sub", then).end();
        new StapleBar(from, until, now, next).draw(html, state.level(), left + (then.isEmpty() ? "" : ", " + then));
    }

    private static String withoutStaple(Condition condition) {
        return switch (condition) {
            case OFF -> "Not stapled, as configured";
            case NO_RESPONDER -> "Names no OCSP responder, and needs no staple";
            case AWAITED -> "The first answer is on its way";
            case REFUSED -> "Devices that ask are refused";
            default -> "Devices get no staple";
        };
    }

    private static void writeError(Html html, StapleView staple) {
        String error = staple.lastError();
        if (error != null) {
            html.open("p", "error");
            Name.writeQuote(html, error);
            html.end();
        }
    }

    private void writeDetails(Html html, CertificateState state) {
        StapleView staple = state.staple();
        html.open("details").with("id", state.id() + "-more");
        html.open("summary").text("Details");
        html.open("span", "unseen").text(" of ");
        Name.write(html, staple.identity());
        html.text(", " + position(staple.position())).end().end();
        html.open("dl", "details");
        detail(html, "Subject", () -> Name.writeInFull(html, staple.subject()));
        detail(html, "Identity", () -> Name.writeInFull(html, staple.identity()));
        detail(html, "Expires", () -> Words.moment(html, staple.expires()));
        if (staple.responder() != null) {
            detail(html, "Responder", () -> Name.writeInFull(html, Objects.requireNonNull(staple.responder())));
        }
        String error = staple.lastError();
        if (error != null) {
            detail(html, "Last error", () -> Name.writeInFull(html, error));
        }
        writeTimes(html, staple);
        html.end().end();
    }

    private static void writeTimes(Html html, StapleView staple) {
        if (staple.thisUpdate() == null) {
            return;
        }
        detail(html, "This update", () -> Words.moment(html, Objects.requireNonNull(staple.thisUpdate())));
        detail(html, "Next update", () -> Words.moment(html, Objects.requireNonNull(staple.nextUpdate())));
        detail(html, "Came", () -> {
            html.text(source(staple.rung()) + ", ");
            Words.moment(html, Objects.requireNonNull(staple.fetchedAt()));
        });
        detail(html, "Size", () -> html.text(Words.count(staple.bytes(), "byte")));
    }

    private static void detail(Html html, String name, Runnable value) {
        html.open("div").element("dt", name).open("dd");
        value.run();
        html.end().end();
    }

    private static String position(int position) {
        return position == 0 ? "leaf" : position == 1 ? "intermediate" : "intermediate " + position;
    }

    /** Where a staple came from; {@code rung}: as the view calls it. */
    private static String source(@Nullable String rung) {
        return switch (String.valueOf(rung)) {
            case "responder" -> "from its responder";
            case "next_responder" -> "from another of its responders";
            case "other_method" -> "from its responder, by the other HTTP method";
            case "other_hash" -> "from its responder, by the other hash";
            case "upstream" -> "from the upstream mirror";
            case "imported" -> "carried in by an operator";
            case "stored" -> "kept over a restart";
            case "last_good" -> "the last good answer, kept";
            default -> "from elsewhere";
        };
    }
}
