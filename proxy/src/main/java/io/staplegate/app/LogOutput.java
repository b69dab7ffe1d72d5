package io.staplegate.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.staplegate.config.LogConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go: to standard error, one line an event, as text or as JSON, each event so often a minute at most.
 * Logback finds it as a service; a file that Logback's own property names goes first.
 */
public final class LogOutput extends ContextAwareBase implements Configurator {
    private static final String LEVEL_VARIABLE = "STAPLEGATE_LOG_LEVEL";
    private static final String LOGBACK_FILE = "logback.configurationFile";
    private static final String OURS = "io.staplegate";

    /** A value may come from a device: it must not forge lines or fields, nor fill a disk. */
    private static final String TEXT = "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSXXX\", UTC} %-5level %logger{0}: "
            + "%replace(%.-" + JsonLines.LONGEST_VALUE + "(%msg%fields)){'[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+', ' '}%n";

    /** As text, at the level that the environment says, until {@link #apply}. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (isLeftToLogback()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        root(context).setLevel(Level.WARN);
        write(context, new LogConfig(LogConfig.Format.TEXT, null));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Writes as a configuration says, from now on. */
    static void apply(LogConfig config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context && !isLeftToLogback()) {
            write(context, config);
        }
    }

    private static boolean isLeftToLogback() {
        return System.getProperty(LOGBACK_FILE) != null;
    }

    /** The new appender comes before the old one goes: a line may be there twice, but none is lost. */
    private static void write(LoggerContext context, LogConfig config) {
        context.getLogger(OURS).setLevel(level(config.level()));
        Logger root = root(context);
        if (root.getAppender(config.format().name()) != null) {
            return;
        }
        root.addAppender(appender(context, config.format()));
        for (LogConfig.Format other : LogConfig.Format.values()) {
            Appender<ILoggingEvent> old = root.getAppender(other.name());
            if (other != config.format() && old != null) {
                root.detachAppender(old);
                old.stop();
            }
        }
    }

    private static Logger root(LoggerContext context) {
        return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static Level level(LogConfig.@Nullable Level configured) {
        String word = configured == null ? System.getenv(LEVEL_VARIABLE) : configured.name();
        return Level.toLevel(word, Level.INFO);
    }

    private static Appender<ILoggingEvent> appender(LoggerContext context, LogConfig.Format format) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName(format.name());
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, format));
        LogLimit limit = new LogLimit();
        limit.start();
        appender.addFilter(limit);
        appender.start();
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogConfig.Format format) {
        return switch (format) {
            case TEXT -> {
                PatternLayout layout = new PatternLayout();
                layout.setContext(context);
                layout.getInstanceConverterMap().put("fields", TextFields::new);
                layout.setPattern(TEXT);
                layout.start();
                LayoutWrappingEncoder<ILoggingEvent> text = new LayoutWrappingEncoder<>();
                text.setContext(context);
                text.setLayout(layout);
                text.start();
                yield text;
            }
            case JSON -> {
                JsonLines json = new JsonLines();
                json.setContext(context);
                json.start();
                yield json;
            }
        };
    }
}
