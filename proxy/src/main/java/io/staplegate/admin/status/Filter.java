package io.staplegate.admin.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates a page shows.
 *
 * @param text that a certificate's names, serial, status or last error contain, whatever the case; empty: all
 * @param onlyTrouble only those that need attention
 * @param page from 1 on
 */
record Filter(String text, boolean onlyTrouble, int page) {
    static final int LONGEST_TEXT = 100;
    static final int ROWS_A_PAGE = 100;
    private static final int MOST_PAGES = 1_000_000;

    /** As the query of a URL says; what it says wrongly counts as not said. */
    static Filter of(Map<String, List<String>> query) {
        String text = first(query, "q").strip();
        return new Filter(
                text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT),
                first(query, "trouble").equals("1"),
                page(first(query, "page")));
    }

    boolean isSet() {
        return !text.isEmpty() || onlyTrouble;
    }

    List<CertificateState> matching(List<CertificateState> certificates) {
        if (!isSet()) {
            return certificates;
        }
        String wanted = text.toLowerCase(Locale.ROOT);
        return certificates.stream()
                .filter(state -> !onlyTrouble || state.level().compareTo(Level.ATTENTION) >= 0)
                .filter(state -> wanted.isEmpty() || matches(state, wanted))
                .toList();
    }

    /** The URL of another page of the same. */
    String url(int other) {
        StringBuilder url = new StringBuilder("/?page=").append(other);
        if (!text.isEmpty()) {
            url.append("&q=").append(URLEncoder.encode(text, UTF_8));
        }
        return (onlyTrouble ? url.append("&trouble=1") : url)
                .append("#certificates")
                .toString();
    }

    private static boolean matches(CertificateState state, String wanted) {
        var staple = state.staple();
        return Stream.of(
                        staple.identity(),
                        staple.subject(),
                        staple.certificate(),
                        state.condition().word(),
                        staple.responder(),
                        staple.lastError())
                .anyMatch(field -> contains(field, wanted));
    }

    private static boolean contains(@Nullable String field, String wanted) {
        return field != null && field.toLowerCase(Locale.ROOT).contains(wanted);
    }

    private static String first(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    private static int page(String text) {
        return text.matches("\\d{1,6}") ? Math.clamp(Integer.parseInt(text), 1, MOST_PAGES) : 1;
    }
}
