package io.staplegate.mirror;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a request is directed at (RFC 9112 §3.2).
 *
 * @param host without port; null where nothing says it
 * @param path decoded
 * @param query as it is written; empty where there is none
 */
record Target(@Nullable String host, String path, String query) {
    /**
     * Whether a request has the Host that it must have: one, in a form that can be read; none up to HTTP/1.0 (RFC 9112
     * §3.2).
     */
    static boolean hasHost(HttpRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        return switch (hosts.size()) {
            case 0 -> request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
            case 1 -> isHost(hosts.getFirst());
            default -> false;
        };
    }

    private static boolean isHost(String value) {
        try {
            return value.isEmpty()
                    || (value.equals(URI.create("http://" + value).getRawAuthority()) && value.indexOf('@') < 0);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Reads it. A request may name a whole URL, which then says the host (RFC 9112 §3.2.2).
     *
     * @throws IllegalArgumentException where it is none
     */
    static Target of(HttpRequest request) {
        String uri = request.uri();
        if (uri.startsWith("/")) {
            String host = request.headers().get(HttpHeaderNames.HOST, "");
            return of(host.isEmpty() ? null : URI.create("http://" + host).getHost(), uri);
        }
        URI url = URI.create(uri);
        String path = Objects.requireNonNullElse(url.getRawPath(), "");
        return of(url.getHost(), url.getRawQuery() == null ? path : path + '?' + url.getRawQuery());
    }

    private static Target of(@Nullable String host, String pathAndQuery) {
        QueryStringDecoder parts = new QueryStringDecoder(pathAndQuery);
        return new Target(host, parts.path(), parts.rawQuery());
    }
}
