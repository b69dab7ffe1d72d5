package io.staplegate.admin.status;

import java.util.List;

/**
 * A table that narrow screens show as a stack of cells, each with its column's heading before it. Its roles are written
 * out, because a browser forgets them when a style sheet stacks the cells.
 */
final class Table {
    private final Html html;
    private final List<String> headings;
    private int column;

    private Table(Html html, List<String> headings) {
        this.html = html;
        this.headings = headings;
    }

    /** Begins a table. {@code caption}: what it is, for screen readers. */
    static Table begin(Html html, String cssClass, String caption, List<String> headings) {
        html.open("table", cssClass).with("role", "table");
        html.element("caption", "unseen", caption);
        html.open("thead").with("role", "rowgroup").open("tr").with("role", "row");
        for (String heading : headings) {
            html.open("th")
                    .with("scope", "col")
                    .with("role", "columnheader")
                    .text(heading)
                    .end();
        }
        html.end().end();
        html.open("tbody").with("role", "rowgroup");
        return new Table(html, headings);
    }

    /** Begins a row, and its first cell, which names it. */
    Table row(Runnable name) {
        return row(html.open("tr").with("role", "row"), name);
    }

    /** The same of a class, with an id by which the next page finds it again. */
    Table row(String id, String cssClass, Runnable name) {
        return row(html.open("tr", cssClass).with("role", "row").with("id", id), name);
    }

    private Table row(Html begun, Runnable name) {
        begun.open("th").with("scope", "row").with("role", "rowheader");
        name.run();
        html.end();
        column = 1;
        return this;
    }

    Table cell(Runnable content) {
        return cell("", content);
    }

    Table cell(String text) {
        return cell(() -> html.text(text));
    }

    /** A figure, set flush right. */
    Table figure(long number) {
        return cell(number == 0 ? "figure zero" : "figure", () -> html.text(Words.number(number)));
    }

    Table cell(String cssClass, Runnable content) {
        (cssClass.isEmpty() ? html.open("td") : html.open("td", cssClass))
                .with("role", "cell")
                .with("data-heading", headings.get(column++));
        html.open("div");
        content.run();
        html.end().end();
        return this;
    }

    void endRow() {
        html.end();
    }

    void end() {
        html.end().end();
    }
}
