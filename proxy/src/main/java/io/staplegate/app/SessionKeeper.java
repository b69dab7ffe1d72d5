package io.staplegate.app;

import io.staplegate.config.DtlsConfig;
import io.staplegate.config.ListenerConfig;
import io.staplegate.handshake.Handshakes;
import io.staplegate.identity.SessionKey;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps over a restart what devices can resume: the sessions of DTLS listeners go to disk every minute and at the end,
 * on a thread of its own. A crash loses those of the last minute.
 */
final class SessionKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);
    private static final Pattern PLAIN = Pattern.compile("[\\w.-]{1,100}");

    /** How long the last write may take. */
    private static final Duration LAST_WRITE = Duration.ofSeconds(10);

    private final Path folder;
    private final Duration interval;
    private final Telemetry telemetry;
    private final List<Kept> kept = new ArrayList<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("session-keeper").factory());

    private boolean started;

    /**
     * A keeper that has nothing to keep yet.
     *
     * @param folder where the files are
     * @param interval between two writes
     */
    SessionKeeper(Path folder, Duration interval, Telemetry telemetry) {
        this.folder = folder;
        this.interval = interval;
        this.telemetry = telemetry;
    }

    /**
     * Takes up the sessions of a listener, where it is to keep them. Returns whether it is.
     *
     * @throws IOException where their key cannot be read
     */
    boolean takeUp(ListenerConfig listener, Handshakes handshakes) throws IOException {
        DtlsConfig dtls = listener.dtls();
        if (!dtls.keepSessions() || dtls.sessionKey() == null) {
            return false;
        }
        Path file = folder.resolve(fileName(listener.name()));
        byte[] key = SessionKey.read(dtls.sessionKey());
        handshakes.takeUpSessions(file, key, listener.name());
        kept.add(new Kept(listener.name(), handshakes, file, key));
        return true;
    }

    /** Writes from now on; before, another process may serve on these ports, and the files are its own. */
    void start() {
        started = true;
        var _ = thread.scheduleWithFixedDelay(
                this::writeAll, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Writes a last time. */
    @Override
    public void close() {
        if (started) {
            thread.execute(this::writeAll);
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn().log("sessions could not be kept in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeAll() {
        for (Kept listener : kept) {
            try {
                Files.createDirectories(folder);
                listener.write();
            } catch (IOException | RuntimeException e) {
                telemetry.storeFailed();
                listener.fails(e);
            }
        }
    }

    /** A listener's name may have characters that no file's name can have, or more bytes. */
    private static String fileName(String listener) {
        return "sessions-"
                + (PLAIN.matcher(listener).matches()
                        ? listener
                        : UUID.nameUUIDFromBytes(listener.getBytes(StandardCharsets.UTF_8)));
    }

    /** One listener's sessions, and whether they could be written last time. */
    private static final class Kept {
        private final String listener;
        private final Handshakes handshakes;
        private final Path file;
        private final byte[] key;
        private boolean failing;

        Kept(String listener, Handshakes handshakes, Path file, byte[] key) {
            this.listener = listener;
            this.handshakes = handshakes;
            this.file = file;
            this.key = key;
        }

        void write() throws IOException {
            handshakes.keepSessions(file, key, listener);
            if (failing) {
                failing = false;
                LOG.atInfo().addKeyValue("file", file).log("sessions can be kept again");
            }
        }

        void fails(Exception cause) {
            if (!failing) {
                failing = true;
                LOG.atWarn()
                        .addKeyValue("file", file)
                        .addKeyValue("reason", cause.toString())
                        .log("sessions cannot be kept: they do not outlive a restart");
            }
        }
    }
}
