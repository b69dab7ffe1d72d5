package io.staplegate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/**
 * What one request is answered with.
 *
 * @param headers beside those that every answer has
 */
record Answer(HttpResponseStatus status, String contentType, byte[] body, Map<String, String> headers) {
    static Answer ok(String contentType, byte[] body) {
        return new Answer(HttpResponseStatus.OK, contentType, body, Map.of());
    }

    /** A line for people. */
    static Answer text(HttpResponseStatus status, String line) {
        return new Answer(status, "text/plain; charset=utf-8", (line + "\n").getBytes(UTF_8), Map.of());
    }

    /** The same with another status. */
    Answer as(HttpResponseStatus other) {
        return new Answer(other, contentType, body, headers);
    }

    Answer with(String header, String value) {
        return new Answer(status, contentType, body, Map.of(header, value));
    }
}
