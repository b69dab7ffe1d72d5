package io.staplegate.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspRefusal;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspRequest.Reading;
import java.net.URI;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads requests, and remembers what the most frequent ones ask. Safe for use by any thread. */
final class QuestionReader {
    private static final AsciiString OCSP_REQUEST = AsciiString.cached("application/ocsp-request");

    /** Of a URI with an OCSP request in it (RFC 9919 §6.1); longer ones are read each time. */
    private static final int USUAL_LENGTH = 255;

    private static final int MOST_REMEMBERED = 10_000; // a kilobyte each

    private final Cache<String, Question.Status> byUri =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /** Reads a request. Never throws, whatever it is. */
    Question read(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return new Question.Faulty(status(request.decoderResult().cause()));
        }
        return switch (request.method().name()) {
            case "GET", "HEAD" -> ofUri(request);
            case "POST" -> ofBody(request);
            default -> new Question.Faulty(HttpResponseStatus.METHOD_NOT_ALLOWED);
        };
    }

    private static HttpResponseStatus status(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            case TooLongFrameException _ -> HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    private static Question ofBody(FullHttpRequest request) {
        CharSequence type = HttpUtil.getMimeType(request);
        if (type == null || !OCSP_REQUEST.contentEqualsIgnoreCase(type)) {
            return new Question.Faulty(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE);
        }
        byte[] der = ByteBufUtil.getBytes(request.content());
        return switch (OcspRequest.parse(der)) {
            case Reading.Asked(CertId certId, boolean nonce) -> new Question.Status(certId, nonce, der);
            case Reading.Refused(OcspRefusal answer) -> new Question.Refused(answer);
        };
    }

    private Question ofUri(FullHttpRequest request) {
        Question known = byUri.getIfPresent(request.uri());
        if (known != null) {
            return known;
        }
        Question question = ofPath(request);
        if (question instanceof Question.Status status && request.uri().length() <= USUAL_LENGTH) {
            byUri.put(request.uri(), status);
        }
        return question;
    }

    private static Question ofPath(FullHttpRequest request) {
        String path;
        String query;
        try {
            QueryStringDecoder target = new QueryStringDecoder(target(request.uri()));
            path = target.path();
            query = target.rawQuery();
        } catch (IllegalArgumentException e) {
            return new Question.Faulty(HttpResponseStatus.BAD_REQUEST);
        }
        byte[] der = der(path);
        if (der == null) {
            return new Question.RevocationList(host(request), path, query, null);
        }
        return switch (OcspRequest.parse(der)) {
            case Reading.Asked(CertId certId, boolean nonce) -> new Question.Status(certId, nonce, der);
            case Reading.Refused(OcspRefusal answer) -> new Question.RevocationList(host(request), path, query, answer);
        };
    }

    /** Path and query of a URI as it stands in a request, which may be a whole URL (RFC 9112 §3.2.2). */
    private static String target(String uri) {
        if (uri.startsWith("/")) {
            return uri;
        }
        URI url = URI.create(uri);
        String path = Objects.requireNonNullElse(url.getRawPath(), "");
        return url.getRawQuery() == null ? path : path + '?' + url.getRawQuery();
    }

    /**
     * The DER whose Base64 a path is; null where it is none. Slashes in front do not matter: the URL of a responder
     * ends with one, or not.
     */
    private static byte @Nullable [] der(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        if (start == path.length() || path.charAt(start) != 'M') { // as the tag of a sequence is written
            return null;
        }
        try {
            return Base64.getDecoder().decode(path.substring(start));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable String host(FullHttpRequest request) {
        String authority = request.headers().get(HttpHeaderNames.HOST);
        try {
            return authority == null ? null : URI.create("http://" + authority).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
