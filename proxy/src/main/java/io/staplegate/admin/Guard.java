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
import io.staplegate.identity.AdminAccess;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns away what must not reach a page: what is no HTTP, has a body that no page expects, comes from a page of another
 * site in the operator's browser, or from somebody who does not show what must be shown.
 *
 * @param routes says how large a body may be, and what is for everybody
 * @param door where the endpoint is; on loopback, a name other than localhost can only be a trick (DNS rebinding)
 * @param access what must be shown
 */
record Guard(Routes routes, Door door, Supplier<AdminAccess> access) {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
    private static final String SEC_FETCH_SITE = "Sec-Fetch-Site";
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final String SCHEME = "Bearer ";

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
        if (request.headers().getAll(HttpHeaderNames.HOST).size() > 1) {
            return Answer.text(HttpResponseStatus.BAD_REQUEST, "there is more than one Host header");
        }
        String host = request.headers().get(HttpHeaderNames.HOST);
        if (host == null && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            return Answer.text(HttpResponseStatus.BAD_REQUEST, "the Host header is missing");
        }
        if (door == Door.LOOPBACK && host != null && !isLocal(host)) {
            return Answer.text(HttpResponseStatus.FORBIDDEN, "the host of the URL must be an IP address or localhost");
        }
        if (!isReading(request) && isFromAnotherSite(request, host)) {
            return Answer.text(HttpResponseStatus.FORBIDDEN, "pages of other sites may not ask for this");
        }
        return strangersRefusal(request);
    }

    /**
     * Who is known by a certificate is so since the handshake. Whatever the configuration, nothing but the probes is
     * for strangers in the network.
     */
    private @Nullable Answer strangersRefusal(HttpRequest request) {
        AdminAccess required = access.get();
        if (required.asksForCertificate()) {
            return null;
        }
        boolean isForEverybody = isReading(request)
                ? door != Door.NETWORK || routes.isProbe(request)
                : door != Door.NETWORK && !required.asksForToken();
        if (isForEverybody) {
            return null;
        }
        String shown = shownToken(request);
        if (shown != null && required.isToken(shown)) {
            return null;
        }
        LOG.atDebug().addKeyValue("path", request.uri()).log("refused: no token, or another one");
        return shown == null
                ? Answer.text(HttpResponseStatus.UNAUTHORIZED, "a token is needed")
                        .with("WWW-Authenticate", "Bearer")
                : Answer.text(HttpResponseStatus.UNAUTHORIZED, "the token is not the right one")
                        .with("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    }

    /** Null where there is none, or more than one. */
    private static @Nullable String shownToken(HttpRequest request) {
        List<String> credentials = request.headers().getAll(HttpHeaderNames.AUTHORIZATION);
        return credentials.size() == 1 && credentials.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? credentials.getFirst().substring(SCHEME.length()).strip()
                : null;
    }

    private static boolean isReading(HttpRequest request) {
        return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
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

    /** Browsers say where a POST comes from, and name the host; whoever says nothing is no browser. */
    private static boolean isFromAnotherSite(HttpRequest request, @Nullable String host) {
        String site = request.headers().get(SEC_FETCH_SITE);
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        return (site != null && !OWN_SITE.contains(site))
                || (origin != null
                        && (host == null || !host.equalsIgnoreCase(uri(origin).getRawAuthority())));
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
