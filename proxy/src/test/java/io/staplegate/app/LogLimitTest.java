package io.staplegate.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import io.staplegate.testing.LogLines;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Events that come too often. */
final class LogLimitTest {
    private final AtomicLong nanos = new AtomicLong();
    private final LogLimit limit = new LogLimit(nanos::get);
    private final LoggerContext context = new LoggerContext();

    @Test
    void anEventIsWrittenSoOftenAMinuteAndOthersAreNotHeldBack() {
        assertThat(replies("one", 150)).containsOnly(FilterReply.NEUTRAL, FilterReply.DENY);
        assertThat(replies("one", 1)).containsOnly(FilterReply.DENY);
        assertThat(replies("another", LogLimit.LINES)).containsOnly(FilterReply.NEUTRAL);
    }

    @Test
    void whatWasLeftOutIsSaidAtTheEndOfTheMinuteAndANewOneBegins() {
        try (LogLines log = new LogLines(LogLimit.class)) {
            assertThat(replies("quiet", 3)).containsOnly(FilterReply.NEUTRAL);
            assertThat(replies("loud", 150).filter(reply -> reply == FilterReply.DENY))
                    .hasSize(50);
            nanos.addAndGet(Duration.ofSeconds(61).toNanos());
            limit.cleanUp();

            await().atMost(10, SECONDS).until(() -> !log.lines().isEmpty());
            assertThat(log.lines()).singleElement().asString().contains("line=\"loud\"", "leftOut=\"50\"");
            assertThat(replies("loud", 1)).containsOnly(FilterReply.NEUTRAL);
        }
    }

    private Stream<FilterReply> replies(String message, int times) {
        return Stream.generate(() -> limit.decide(event(message))).limit(times);
    }

    private LoggingEvent event(String message) {
        return new LoggingEvent("", context.getLogger("source"), Level.WARN, message, null, null);
    }
}
