package io.staplegate.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** What a class, or all below a name, logs at INFO and above, while it is open. */
public final class LogLines implements AutoCloseable {
    private final Logger logger;
    private final Lines appender = new Lines();

    public LogLines(Class<?> source) {
        this(source.getName());
    }

    /** All that is logged by classes whose full name begins so. */
    public LogLines(String source) {
        logger = (Logger) LoggerFactory.getLogger(source);
        appender.start();
        logger.addAppender(appender);
    }

    public List<String> lines() {
        return List.copyOf(appender.lines);
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
                lines.add(event.getLevel() + " " + event.getFormattedMessage() + " " + event.getKeyValuePairs());
            }
        }
    }
}
