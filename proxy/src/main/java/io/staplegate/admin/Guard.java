package io.staplegate.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.NetUtil;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns away what must not reach a page: what is no HTTP, has a body that no page expects, or comes from a page of
 * another site in the operator's browser.
 *
 * @param routes says how large a body may be
 * @param onLoopback whether the endpoint is bound to loopback, where a name other than localhost can only be a trick
 *     (DNS rebinding)
 */
record Guard(Routes routes, boolean onLoopback) {
    private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    /** Why a request is refused; null where it may pass. */
    @Nullable
    Answer refusal(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return malformed(request.decoderResult().cause());
        }
        if (HttpUtil.getContentLength(request, 0L) > routes.largestBody(request)
                || HttpUtil.isTransferEncodingChunked(request)) {
            return Answer.text(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large, or not expected");
        }
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host == null) {
            return request.protocolVersion().equals(HttpVersion.HTTP_1_0)
                    ? null
                    : Answer.text(HttpResponseStatus.BAD_REQUEST, "the Host header is missing");
        }
        if (onLoopback && !isLocal(host)) {
            return Answer.text(HttpResponseStatus.FORBIDDEN, "the host of the URL must be an IP address or localhost");
        }
        if (request.method().equals(HttpMethod.POST) && isFromAnotherSite(request, host)) {
            return Answer.text(HttpResponseStatus.FORBIDDEN, "pages of other sites may not ask for this");
        }
        return null;
    }

    private static Answer malformed(Throwable cause) {
        HttpResponseStatus status = switch (cause) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
        return Answer.text(status, status.reasonPhrase());
    }

    private static boolean isLocal(String host) {
        String name = uri("http://" + host).getHost();
        return name != null
                && (name.equalsIgnoreCase("localhost")
                        || NetUtil.isValidIpV4Address(name)
                        || NetUtil.isValidIpV6Address(name));
    }

    /** Browsers say where a POST comes from; whoever says nothing is no browser. */
    private static boolean isFromAnotherSite(HttpRequest request, String host) {
        String site = request.headers().get(SEC_FETCH_SITE);
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        return (site != null && !OWN_SITE.contains(site))
                || (origin != null && !host.equalsIgnoreCase(uri(origin).getRawAuthority()));
    }

    /** Empty where the text is no URI. */
    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            return URI.create("");
        }
    }
}
