package io.staplegate.mirror;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * On what condition a client wants an answer: that it has none such yet (RFC 9110 §13).
 *
 * <p>GET and HEAD alone have one. With POST, If-Modified-Since is to be ignored (§13.1.3), and If-None-Match is about
 * what a GET of the same target would find (§13.1.2). That is nothing, so it is met: the question is in the body.
 *
 * @param tags lines of entity tags in If-None-Match, as they came; where there are any, no date counts
 * @param since in If-Modified-Since; null: nothing that can be read
 */
record Condition(List<String> tags, @Nullable Instant since) {
    private static final Condition NONE = new Condition(List.of(), null);

    /** One more of a list; whether it is weak does not matter (§8.8.3.2). */
    private static final Pattern NEXT_TAG = Pattern.compile("\\G[ \\t,]*(?:W/)?(\"[^\"]*\")[ \\t]*(?=,|$)");

    static Condition of(HttpRequest request) {
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            return NONE;
        }
        List<String> tags = request.headers().getAll(HttpHeaderNames.IF_NONE_MATCH);
        return tags.isEmpty() ? since(request.headers()) : new Condition(tags, null);
    }

    private static Condition since(HttpHeaders headers) {
        List<String> dates = headers.getAll(HttpHeaderNames.IF_MODIFIED_SINCE);
        Date date = dates.size() == 1 ? date(dates.getFirst()) : null;
        return date == null ? NONE : new Condition(List.of(), date.toInstant());
    }

    private static @Nullable Date date(String value) {
        try {
            return DateFormatter.parseHttpDate(value);
        } catch (IllegalArgumentException e) {
            return null; // too long
        }
    }

    /**
     * Whether something is to be sent.
     *
     * @param tag its entity tag, strong, in its quotes
     * @param modified since when it is as it is
     */
    boolean isMetBy(String tag, Instant modified) {
        return tags.isEmpty()
                ? since == null || modified.isAfter(since)
                : tags.stream().noneMatch(line -> names(line, tag));
    }

    private static boolean names(String line, String tag) {
        if (line.strip().equals("*")) {
            return true;
        }
        Matcher next = NEXT_TAG.matcher(line);
        while (next.find()) {
            if (next.group(1).equals(tag)) {
                return true;
            }
        }
        return false;
    }
}
