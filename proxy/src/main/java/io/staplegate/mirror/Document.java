package io.staplegate.mirror;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is sent many times: bytes that are laid out once, and headers, once a second. Safe for use by any thread. */
final class Document {
    private final String contentType;
    private final ByteBuf body;
    private final @Nullable Validity validity;
    private final String tag; // strong, in its quotes; empty where nobody is to keep it
    private final List<CharSequence> beside;
    private volatile @Nullable Stamped stamped;

    /**
     * For how long caches may keep it, half of what is left until {@code nextUpdate} at a time.
     *
     * @param longest that they may keep it at a time, however far nextUpdate is
     * @param modified what If-Modified-Since is held against; {@link Instant#MAX}: no date tells it from another
     */
    record Validity(Instant thisUpdate, Instant nextUpdate, Duration longest, Instant modified) {}

    /** The headers of one second since 1970. */
    private record Stamped(long second, HttpHeaders headers) {}

    private Document(
            String contentType, ByteBuf body, @Nullable Validity validity, String tag, List<CharSequence> beside) {
        this.contentType = contentType;
        this.body = Unpooled.unreleasableBuffer(body);
        this.validity = validity;
        this.tag = tag;
        this.beside = beside;
    }

    /** For no cache to keep. {@code beside}: headers of its own, names and values in turn. */
    static Document passing(String contentType, byte[] bytes, CharSequence... beside) {
        return new Document(contentType, Unpooled.wrappedBuffer(bytes), null, "", List.of(beside));
    }

    /** For caches to keep. {@code body}: never released. */
    static Document lasting(String contentType, ByteBuf body, Validity validity) {
        return new Document(contentType, body, validity, tag(body), List.of());
    }

    /** The bytes. Whoever sends them need not release them. */
    ByteBuf body() {
        return body.duplicate();
    }

    /** Whether it is still true at a moment in Unix milliseconds. */
    boolean holdsAt(long now) {
        return validity == null || now < validity.nextUpdate.toEpochMilli();
    }

    /** Whether a client that states a condition is to get it whole. */
    boolean isWanted(Condition condition) {
        return validity == null || condition.isMetBy(tag, validity.modified);
    }

    /** The headers at a moment in Unix milliseconds, shared by all that are sent then: never to be changed. */
    HttpHeaders headersAt(long now) {
        long second = Math.floorDiv(now, 1000L);
        Stamped last = stamped;
        if (last == null || last.second != second) {
            last = new Stamped(second, headers(second, true));
            stamped = last;
        }
        return last.headers;
    }

    /** The headers that stand for the document where a client has it: those of a 304. */
    HttpHeaders headersAloneAt(long now) {
        return headers(Math.floorDiv(now, 1000L), false);
    }

    /** As RFC 9919 §7.2 demands them. */
    private HttpHeaders headers(long second, boolean withBody) {
        List<CharSequence> headers = new ArrayList<>(16);
        if (withBody) {
            headers.addAll(List.of(HttpHeaderNames.CONTENT_TYPE, contentType));
            headers.addAll(List.of(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(body.readableBytes())));
        }
        headers.addAll(List.of(HttpHeaderNames.DATE, date(Instant.ofEpochSecond(second))));
        if (validity == null) {
            headers.addAll(List.of(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE));
        } else {
            long left = validity.nextUpdate.getEpochSecond() - second;
            long maxAge = Math.clamp(left / 2, 0, validity.longest.toSeconds());
            headers.addAll(List.of(
                    HttpHeaderNames.CACHE_CONTROL, "max-age=" + maxAge + ",public,no-transform,must-revalidate"));
            headers.addAll(List.of(HttpHeaderNames.EXPIRES, date(validity.nextUpdate)));
            long modified = Math.min(validity.thisUpdate.getEpochSecond(), second); // RFC 9110 §8.8.2.1
            headers.addAll(List.of(HttpHeaderNames.LAST_MODIFIED, date(Instant.ofEpochSecond(modified))));
            headers.addAll(List.of(HttpHeaderNames.ETAG, tag));
        }
        headers.addAll(beside);
        return new ReadOnlyHttpHeaders(false, headers.toArray(CharSequence[]::new));
    }

    private static String date(Instant time) {
        return DateFormatter.format(Date.from(time));
    }

    private static String tag(ByteBuf body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(body.nioBuffer());
            return '"' + HexFormat.of().formatHex(digest.digest()) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256 in this JVM", e);
        }
    }
}
