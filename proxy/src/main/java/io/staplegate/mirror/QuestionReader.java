package io.staplegate.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspRefusal;
import io.staplegate.ocsp.OcspRequest;
import io.staplegate.ocsp.OcspRequest.Reading;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads requests, and remembers what the most frequent ones ask. Safe for use by any thread. */
final class QuestionReader {
    private static final AsciiString OCSP_REQUEST = AsciiString.cached("application/ocsp-request");

    /** Of a URI with an OCSP request in it (RFC 9919 §6.1); longer ones are read each time. */
    private static final int USUAL_LENGTH = 255;

    /** A slash, and the Base64 of a DER sequence's tag. */
    private static final Pattern BEGINNING = Pattern.compile("/(?=M[A-P])");

    private static final int MOST_TRIES = 4; // each may decode and parse kilobytes

    private static final int MOST_REMEMBERED = 10_000; // a kilobyte each

    private final Cache<String, Question.Status> byUri =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    /** Reads a request. Never throws, whatever it is. */
    Question read(FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return new Question.Faulty(status(request.decoderResult().cause()));
        }
        if (!Target.hasHost(request)) {
            return new Question.Faulty(HttpResponseStatus.BAD_REQUEST);
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
        Question question = ofTarget(request);
        if (question instanceof Question.Status status && request.uri().length() <= USUAL_LENGTH) {
            byUri.put(request.uri(), status);
        }
        return question;
    }

    /**
     * A path ends with the request in Base64, and begins with that of the responder's URL, if it has one. Base64 has
     * slashes too. So the first places at which a request could begin are tried, until one is well-formed: nothing is
     * that by chance. If none is, it may still be the path of a revocation list.
     */
    private static Question ofTarget(FullHttpRequest request) {
        Target target;
        try {
            target = Target.of(request);
        } catch (IllegalArgumentException e) {
            return new Question.Faulty(HttpResponseStatus.BAD_REQUEST);
        }
        OcspRefusal refusal = null;
        Matcher beginning = BEGINNING.matcher(target.path());
        for (int tries = 0; tries < MOST_TRIES && beginning.find(); tries++) {
            byte[] der = der(target.path().substring(beginning.end()));
            Reading reading = der == null ? null : OcspRequest.parse(der);
            if (der != null && reading instanceof Reading.Asked(CertId certId, boolean nonce)) {
                return new Question.Status(certId, nonce, der);
            }
            if (refusal == null && reading instanceof Reading.Refused(OcspRefusal answer)) {
                refusal = answer;
            }
        }
        return new Question.RevocationList(target.host(), target.path(), target.query(), refusal);
    }

    private static byte @Nullable [] der(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
