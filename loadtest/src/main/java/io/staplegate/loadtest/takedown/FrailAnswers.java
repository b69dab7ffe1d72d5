package io.staplegate.loadtest.takedown;

import io.netty.channel.ChannelHandlerContext;
import io.staplegate.demo.Responder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Answers one after the other, each of which takes its time, as with a signing device behind the responder: so few are
 * enough to overwhelm it. Who would wait for too long is hung up on. Used by the responder's one event loop.
 */
final class FrailAnswers implements Responder.Answer {
    private final Responder.Answer answer;
    private final long each; // nanoseconds
    private final long longest; // nanoseconds
    private long free; // when the last one that waits will have been answered: System.nanoTime

    /**
     * Slows down what answers.
     *
     * @param perSecond how many it has the strength for
     * @param longest wait, of those who are not hung up on
     */
    FrailAnswers(Responder.Answer answer, int perSecond, Duration longest) {
        this.answer = answer;
        this.each = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.longest = longest.toNanos();
        this.free = System.nanoTime();
    }

    @Override
    public void give(Responder.Request request, ChannelHandlerContext context) {
        long now = System.nanoTime();
        long wait = Math.max(0, free - now);
        if (wait > longest) {
            var _ = context.close();
            return;
        }
        free = now + wait + each;
        var _ = context.executor().schedule(() -> answer.give(request, context), wait, TimeUnit.NANOSECONDS);
    }
}
