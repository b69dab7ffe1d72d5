package io.staplegate.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets each event through so often a minute, and says at the end of that minute how many lines it left out: neither
 * 10,000 certificates that fail together nor a hostile device fill a disk.
 */
final class LogLimit extends Filter<ILoggingEvent> {
    /** Lines of one event in one minute. */
    static final int LINES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(LogLimit.class);
    private static final Duration WINDOW = Duration.ofMinutes(1);

    /** Events are constants of the code, but for exceptions of libraries. */
    private static final int MOST_EVENTS = 1000;

    /** An event that is counted: where it is from, and its message without its fields. */
    private record Event(String logger, String message) {}

    private final Cache<Event, AtomicInteger> counts;

    LogLimit() {
        this(Ticker.systemTicker());
    }

    LogLimit(Ticker ticker) {
        counts = Caffeine.newBuilder()
                .maximumSize(MOST_EVENTS)
                .expireAfterWrite(WINDOW)
                .ticker(ticker)
                .scheduler(Scheduler.systemScheduler())
                .<Event, AtomicInteger>removalListener((event, count, _) -> tell(event, count))
                .build();
    }

    /** Ends the minutes that are over, which otherwise happens within a second. */
    void cleanUp() {
        counts.cleanUp();
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        Event key = new Event(event.getLoggerName(), event.getMessage());
        int lines = counts.get(key, _ -> new AtomicInteger()).incrementAndGet();
        return lines <= LINES ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private static void tell(@Nullable Event event, @Nullable AtomicInteger count) {
        if (event != null && count != null && count.get() > LINES) {
            LOG.atWarn()
                    .addKeyValue("line", event.message())
                    .addKeyValue("leftOut", count.get() - LINES)
                    .log("log lines left out: the same event more than 100 times in a minute");
        }
    }
}
