package io.staplegate.relay;

import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.FileReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line per session, as text or JSON; nothing where it is off. Never blocks an event loop: a thread of its own
 * writes, and lines that it cannot keep up with are dropped.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    /** Lines that may wait to be written. */
    private static final int QUEUE_CAPACITY = 8192;

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final AccessLogConfig.Format format;
    private final InstantSource clock;
    private final @Nullable LogFile file;
    private final BlockingQueue<AccessLine> queue = new LinkedBlockingQueue<>(QUEUE_CAPACITY);
    private final Pace dropWarnings = new Pace(Duration.ofMinutes(1));
    private final Thread writer =
            Thread.ofPlatform().daemon().name("staplegate-access-log").unstarted(this::write);

    private AccessLog(AccessLogConfig.Format format, InstantSource clock, @Nullable LogFile file) {
        this.format = format;
        this.clock = clock;
        this.file = file;
    }

    /**
     * Opens the log.
     *
     * @throws IOException when its file cannot be opened; the message names it
     */
    public static AccessLog open(AccessLogConfig config, InstantSource clock) throws IOException {
        boolean on = config.format() != AccessLogConfig.Format.OFF;
        FileReference file = config.file();
        AccessLog log = new AccessLog(config.format(), clock, on && file != null ? LogFile.open(file.path()) : null);
        if (on) {
            log.writer.start();
        }
        return log;
    }

    /** Notes a session that has just ended. */
    void log(SessionSummary summary) {
        if (format == AccessLogConfig.Format.OFF || queue.offer(new AccessLine(clock.instant(), summary))) {
            return;
        }
        OptionalLong dropped = dropWarnings.next(System.nanoTime());
        if (dropped.isPresent()) {
            LOG.atWarn().addKeyValue("lines", dropped.getAsLong()).log("access log lines dropped: writing is too slow");
        }
    }

    /** Writes what is queued, and ends: seconds at the most. */
    @Override
    public void close() {
        if (format == AccessLogConfig.Format.OFF) {
            return;
        }
        writer.interrupt();
        try {
            writer.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        List<AccessLine> lines = new ArrayList<>();
        try {
            while (true) {
                lines.add(queue.take());
                queue.drainTo(lines);
                append(lines);
                lines.clear();
            }
        } catch (InterruptedException e) {
            queue.drainTo(lines);
            append(lines);
        }
        if (file != null) {
            file.close();
        }
    }

    private void append(List<AccessLine> lines) {
        StringBuilder text = new StringBuilder();
        for (AccessLine line : lines) {
            text.append(format == AccessLogConfig.Format.JSON ? line.json() : line.text())
                    .append('\n');
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
        if (file != null) {
            file.append(bytes, lines.size());
        } else {
            System.err.write(bytes, 0, bytes.length);
            System.err.flush();
        }
    }
}
