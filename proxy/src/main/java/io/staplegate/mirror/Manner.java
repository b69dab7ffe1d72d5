package io.staplegate.mirror;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * How one request wants its answer.
 *
 * @param staysOpen whether the connection is to stay open after it
 * @param mustSaySo whether the client needs to be told that it does (HTTP/1.0)
 * @param tags of what the client has already; null: of nothing
 */
record Manner(
        boolean staysOpen, boolean mustSaySo, @Nullable String tags) {
    static Manner of(FullHttpRequest request) {
        boolean staysOpen =
                HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        return new Manner(
                staysOpen,
                staysOpen && !request.protocolVersion().isKeepAliveDefault(),
                request.headers().get(HttpHeaderNames.IF_NONE_MATCH));
    }
}
