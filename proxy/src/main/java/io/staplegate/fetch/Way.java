package io.staplegate.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;

/** The two ways to carry an OCSP request over HTTP (RFC 6960 appendix A.1). */
enum Way {
    GET,
    POST;

    /** R18: the longest URL, scheme and host included, that is asked by GET. */
    private static final int LONGEST_GET = 255;

    /** The way to try first. */
    static Way forRequest(URI responder, byte[] request) {
        return urlOf(responder, request).toASCIIString().length() <= LONGEST_GET ? GET : POST;
    }

    Way other() {
        return this == GET ? POST : GET;
    }

    HttpRequest request(URI responder, byte[] request) {
        return switch (this) {
            case GET -> get(urlOf(responder, request));
            case POST -> post(responder, request);
        };
    }

    /** Asks a URL that has the OCSP request in it. */
    static HttpRequest get(URI url) {
        return to(url).GET().build();
    }

    /** Asks a URL with the OCSP request as the body. */
    static HttpRequest post(URI url, byte[] request) {
        return to(url).header("Content-Type", "application/ocsp-request")
                .POST(BodyPublishers.ofByteArray(request))
                .build();
    }

    /** The responder's URL with the request as one more path segment; a query stays behind it. */
    static URI urlOf(URI responder, byte[] request) {
        String segment = URLEncoder.encode(Base64.getEncoder().encodeToString(request), US_ASCII);
        String path = responder.getRawPath();
        String query = responder.getRawQuery();
        return URI.create(responder.getScheme() + "://" + responder.getRawAuthority()
                + (path.endsWith("/") ? path : path + "/")
                + segment
                + (query == null ? "" : "?" + query));
    }

    private static HttpRequest.Builder to(URI url) {
        return HttpRequest.newBuilder(url)
                .header("Accept", "application/ocsp-response")
                .header("User-Agent", "staplegate");
    }
}
