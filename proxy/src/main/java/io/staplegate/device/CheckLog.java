package io.staplegate.device;

import io.staplegate.telemetry.DeviceCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the log says of the devices of one listener: of those that are kept out, one a minute; and one line when checks
 * begin to come to nothing, one when that has ended. The rest is in the metrics. Safe for use by any thread; takes
 * no lock, as it is used on event loops.
 */
final class CheckLog {
    private static final Logger LOG = LoggerFactory.getLogger(CheckLog.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final String listener;
    private final AtomicLong nextWarning = new AtomicLong(Long.MIN_VALUE); // milliseconds since 1970
    private final AtomicInteger refusalsSince = new AtomicInteger();
    private final AtomicBoolean isInVain = new AtomicBoolean();
    private volatile Instant lastInVain = Instant.MIN;

    CheckLog(String listener) {
        this.listener = listener;
    }

    /** A device was judged. */
    void judged(Papers papers, DeviceCheck outcome, Instant now) {
        boolean failed = outcome == DeviceCheck.UNAVAILABLE_ALLOWED || outcome == DeviceCheck.UNAVAILABLE_REFUSED;
        if (failed) {
            inVain(papers, outcome, now);
        } else {
            notInVain(now);
        }
        if (!Judgement.of(outcome).isLetIn()) {
            refused(papers, outcome, now).log("device is kept out");
        }
    }

    /** A session was ended because of what became known of its device. */
    void cutOff(Papers papers, DeviceCheck outcome, Instant now) {
        refused(papers, outcome, now).log("device must leave");
    }

    private LoggingEventBuilder refused(Papers papers, DeviceCheck outcome, Instant now) {
        long time = now.toEpochMilli();
        long next = nextWarning.get();
        boolean quiet = time < next && next <= time + QUIET.toMillis(); // a clock that was set back quiets nothing
        if (quiet || !nextWarning.compareAndSet(next, time + QUIET.toMillis())) {
            refusalsSince.incrementAndGet();
            return about(Level.DEBUG, papers, outcome);
        }
        return about(Level.WARN, papers, outcome).addKeyValue("othersSinceLastTold", refusalsSince.getAndSet(0));
    }

    private void inVain(Papers papers, DeviceCheck outcome, Instant now) {
        lastInVain = now;
        if (isInVain.compareAndSet(false, true)) {
            about(Level.WARN, papers, outcome)
                    .log(
                            outcome == DeviceCheck.UNAVAILABLE_ALLOWED
                                    ? "devices cannot be checked in time: they are let in, and checked on"
                                    : "devices cannot be checked in time: they are kept out");
        }
    }

    /** Others may have been checked all the while: it is over when none has failed for a minute. */
    private void notInVain(Instant now) {
        if (isInVain.get() && !now.isBefore(lastInVain.plus(QUIET)) && isInVain.compareAndSet(true, false)) {
            LOG.atInfo().addKeyValue("listener", listener).log("devices can be checked again");
        }
    }

    private LoggingEventBuilder about(Level level, Papers papers, DeviceCheck outcome) {
        Credential leaf = papers.leaf();
        return LOG.atLevel(level)
                .addKeyValue("listener", listener)
                .addKeyValue("outcome", outcome)
                .addKeyValue("device", Objects.requireNonNullElse(papers.name(), ""))
                .addKeyValue("serial", leaf.serial().toString(16))
                .addKeyValue("issuer", leaf.issuer().certificate().getSubjectX500Principal());
    }
}
