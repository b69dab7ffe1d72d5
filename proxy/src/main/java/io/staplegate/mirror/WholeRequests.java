package io.staplegate.mirror;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.staplegate.ocsp.OcspRequest;
import org.jspecify.annotations.Nullable;

/** Puts requests and their bodies together. One whose body is too large goes on without it, as a failure to decode. */
final class WholeRequests extends HttpObjectAggregator {
    WholeRequests() {
        super(OcspRequest.MAX_BYTES);
    }

    /** Only a body that fits is called for. All else is answered in its turn, where Netty would answer it at once. */
    @Override
    protected @Nullable Object newContinueResponse(HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        return HttpUtil.is100ContinueExpected(start) && !isContentLengthInvalid(start, maxContentLength)
                ? super.newContinueResponse(start, maxContentLength, pipeline)
                : null;
    }

    /** It is answered in its turn, where Netty would answer it at once, ahead of those that wait. */
    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        FullHttpRequest failure =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.EMPTY_BUFFER);
        failure.setDecoderResult(DecoderResult.failure(new TooLongFrameException("a body is too large")));
        context.fireChannelRead(failure);
    }
}
