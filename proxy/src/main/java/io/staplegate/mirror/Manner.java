package io.staplegate.mirror;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/**
 * How one request wants its answer.
 *
 * @param staysOpen whether the connection is to stay open after it
 * @param mustSaySo whether the client needs to be told that it does (HTTP/1.0)
 * @param condition on which it is sent whole
 */
record Manner(boolean staysOpen, boolean mustSaySo, Condition condition) {
    static Manner of(FullHttpRequest request) {
        boolean staysOpen =
                HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
        return new Manner(
                staysOpen, staysOpen && !request.protocolVersion().isKeepAliveDefault(), Condition.of(request));
    }
}
