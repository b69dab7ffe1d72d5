package io.staplegate.mirror;

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
import java.net.URI;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What one HTTP request asks (RFC 6960 appendix A.1). */
sealed interface Question {
    /** The content type of an OCSP request. */
    AsciiString OCSP_REQUEST = AsciiString.cached("application/ocsp-request");

    /**
     * For the status of a certificate.
     *
     * @param nonce whether the request has one
     * @param request as it came, in DER
     */
    record Status(CertId certId, boolean nonce, byte[] request) implements Question {}

    /**
     * For a revocation list.
     *
     * @param host that the client thinks it asks; null where it does not say
     * @param path of the list's URL, decoded
     * @param otherwise the answer where no list has this path: it may be a spoiled OCSP request; null: it is none
     */
    record RevocationList(
            @Nullable String host, String path, @Nullable OcspRefusal otherwise) implements Question {}

    /** Nothing that OCSP knows. */
    record Refused(OcspRefusal answer) implements Question {}

    /** Nothing that HTTP knows. */
    record Faulty(HttpResponseStatus status) implements Question {}

    /** Reads a request. Never throws, whatever it is. */
    static Question of(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return new Faulty(status(request.decoderResult().cause()));
        }
        return switch (request.method().name()) {
            case "GET", "HEAD" -> ofPath(request);
            case "POST" -> ofBody(request);
            default -> new Faulty(HttpResponseStatus.METHOD_NOT_ALLOWED);
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
            return new Faulty(HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE);
        }
        byte[] der = ByteBufUtil.getBytes(request.content());
        return switch (OcspRequest.parse(der)) {
            case OcspRequest.Reading.Asked(CertId certId, boolean nonce) -> new Status(certId, nonce, der);
            case OcspRequest.Reading.Refused(OcspRefusal answer) -> new Refused(answer);
        };
    }

    private static Question ofPath(FullHttpRequest request) {
        String path;
        try {
            path = path(request.uri());
        } catch (IllegalArgumentException e) {
            return new Faulty(HttpResponseStatus.BAD_REQUEST);
        }
        byte[] der = der(path);
        if (der == null) {
            return new RevocationList(host(request), path, null);
        }
        return switch (OcspRequest.parse(der)) {
            case OcspRequest.Reading.Asked(CertId certId, boolean nonce) -> new Status(certId, nonce, der);
            case OcspRequest.Reading.Refused(OcspRefusal answer) -> new RevocationList(host(request), path, answer);
        };
    }

    /** Of a URI as it stands in a request, which may be a whole URL (RFC 9112 §3.2.2). */
    private static String path(String uri) {
        String raw = uri.startsWith("/") ? uri : URI.create(uri).getRawPath();
        return raw == null ? "" : new QueryStringDecoder(raw).path();
    }

    /**
     * The DER whose Base64 a path is; null where it is none. Slashes in front do not matter: the URL of a responder ends
     * with one, or not.
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
