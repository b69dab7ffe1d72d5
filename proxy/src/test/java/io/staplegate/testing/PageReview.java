package io.staplegate.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What every state of a page is held to, in light and dark, wide and narrow: nothing that the browser or axe-core
 * complains of, and nothing to scroll to sideways. Leaves pictures for a person to judge.
 */
public final class PageReview {
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final int WIDE = 1280;
    private static final int NARROW = 360;

    private PageReview() {}

    /** Reviews a page; {@code state}: names the pictures. */
    public static void of(Browser browser, String url, String state) throws IOException {
        for (int width : new int[] {WIDE, NARROW}) {
            for (boolean dark : new boolean[] {false, true}) {
                String view = state + "-" + width + (dark ? "-dark" : "-light");
                BrowserPage page = browser.open(width, dark).load(url);
                page.shoot(PICTURES.resolve(view + ".png"));
                assertThat(page.overflow())
                        .as(view + " is no wider than its window")
                        .isNotPositive();
                assertThat(page.accessibilityViolations()).as(view).isEmpty();
                assertThat(page.complaints()).as(view).isEmpty();
            }
        }
    }
}
