package io.staplegate.admin.status;

import java.util.Locale;

/** How bad something is, worst last. Each has a colour, and a shape and a word for those who see no colours. */
enum Level {
    /** Nothing is wanted here: neither good nor bad. */
    IDLE("Nothing to staple", "6b7683"),
    GOOD("All good", "1f8f49"),
    /** Devices notice nothing yet. */
    ATTENTION("Attention", "d98e04"),
    /** Devices notice, or are about to. */
    TROUBLE("Trouble", "d0323e");

    private final String headline;
    private final String tabColour;

    Level(String headline, String tabColour) {
        this.headline = headline;
        this.tabColour = tabColour;
    }

    String headline() {
        return headline;
    }

    /** As style sheet and symbols call it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The URL of a drawing for the browser's tab, in itself: seen when the page is not. */
    String tabIcon() {
        return "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
                + "%3Ccircle cx='8' cy='8' r='7' fill='%23" + tabColour + "'/%3E%3C/svg%3E";
    }

    /** Writes its shape, which says nothing to a screen reader: words stand beside it. */
    void drawIcon(Html html) {
        html.open("svg", "icon " + word()).with("aria-hidden", "true").with("viewBox", "0 0 16 16");
        html.open("use").with("href", "#" + word()).end();
        html.end();
    }

    /** Writes the shapes that {@link #drawIcon} refers to, once a page. */
    static void defineIcons(Html html) {
        html.open("svg", "symbols")
                .with("aria-hidden", "true")
                .with("width", "0")
                .with("height", "0");
        symbol(
                html,
                GOOD,
                "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm3.6 5.2-4.3 4.9a.8.8 0 0 1-1.2 0L4.3 9.2l1.1-1.1 1.3 "
                        + "1.3 3.7-4.2z");
        symbol(html, IDLE, "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM4.5 7.2h7v1.6h-7z");
        symbol(
                html,
                ATTENTION,
                "M8.9 1.6a1 1 0 0 0-1.8 0L.7 13.3a1 1 0 0 0 .9 1.5h12.8a1 1 0 0 0 .9-1.5zM7.2 "
                        + "5.6h1.6v4.6H7.2zm0 5.8h1.6V13H7.2z");
        symbol(
                html,
                TROUBLE,
                "M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1zm.7 3.7L4.7 5.8 6.9 8l-2.2 2.2 1.1 1.1L8 "
                        + "9.1l2.2 2.2 1.1-1.1L9.1 8l2.2-2.2-1.1-1.1L8 6.9z");
        html.end();
    }

    private static void symbol(Html html, Level level, String path) {
        html.open("symbol").with("id", level.word()).with("viewBox", "0 0 16 16");
        html.open("path").with("fill-rule", "evenodd").with("d", path).end();
        html.end();
    }
}
