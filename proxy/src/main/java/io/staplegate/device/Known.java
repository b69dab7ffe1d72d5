package io.staplegate.device;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** What is known of one certificate, if only that nobody could say. Immutable but for when it was last asked for. */
final class Known implements RefreshAhead.Ageing {
    /** What was not asked for in this time is not refreshed ahead. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** A CA may need 15 minutes until its responders know a new certificate (R36): none shall wait for longer. */
    private static final Duration UNKNOWN_HOLDS = Duration.ofMinutes(1);

    private static final int BYTES_BESIDE_ANSWER = 1_000; // this, its key and its place in a map, about

    private final @Nullable OcspAnswer answer;
    private final Instant end;
    private final int failures;
    private final Instant changed;
    private final Instant nextLook;
    private volatile Instant lastAsked;

    private Known(
            @Nullable OcspAnswer answer,
            Instant end,
            int failures,
            Instant changed,
            Instant nextLook,
            Instant lastAsked) {
        this.answer = answer;
        this.end = end;
        this.failures = failures;
        this.changed = changed;
        this.nextLook = nextLook;
        this.lastAsked = lastAsked;
    }

    /** Nothing yet, and somebody asks. */
    static Known nothing(Instant now) {
        return new Known(null, Instant.MIN, 0, now, now, now);
    }

    /** The answer that holds at a moment; null where there is none. */
    @Nullable
    OcspAnswer answerAt(Instant now) {
        return now.isBefore(end) ? answer : null;
    }

    /** Whether it is too soon to try again: for 30 seconds at most, also where the clock was set back. */
    boolean isHeldBackAt(Instant now) {
        return now.isBefore(nextLook) && now.isBefore(changed.plus(Schedule.LONGEST_PAUSE)) && !now.isBefore(changed);
    }

    /** Whether a newer answer is to be fetched although this one holds: it is in use, and old enough. */
    @Override
    public boolean isDueAt(Instant now) {
        return answer != null
                && answer.status() != Status.UNKNOWN
                && now.isBefore(end)
                && !now.isBefore(nextLook)
                && now.isBefore(lastAsked.plus(REMEMBERED));
    }

    /** Whether nothing in it is of use any more. */
    @Override
    public boolean isOverAt(Instant now) {
        return !now.isBefore(end) && !now.isBefore(nextLook.plus(Schedule.LONGEST_PAUSE));
    }

    @Override
    public Instant end() {
        return end;
    }

    /** Somebody asks. Almost always a read only: a second is exact enough. */
    void asked(Instant now) {
        if (now.getEpochSecond() != lastAsked.getEpochSecond()) {
            lastAsked = now;
        }
    }

    /** Bytes that it takes, about. */
    int weight() {
        return BYTES_BESIDE_ANSWER + (answer == null ? 0 : answer.der().length);
    }

    /** This, and a verified answer: the newest counts, and of two as new the one that says revoked. */
    Known with(OcspAnswer found, Schedule schedule, Instant now) {
        boolean unknown = found.status() == Status.UNKNOWN;
        OcspAnswer current = answerAt(now);
        if (unknown && current != null && current.status() != Status.UNKNOWN) {
            return failed(schedule, now);
        }
        OcspAnswer newest = answer == null || unknown || isNews(found, answer) ? found : answer;
        Instant newEnd = schedule.end(newest.nextUpdate());
        if (unknown && newEnd.isAfter(now.plus(UNKNOWN_HOLDS))) {
            newEnd = now.plus(UNKNOWN_HOLDS);
        }
        Instant next = schedule.afterSuccess(newest.thisUpdate(), newEnd, now, ThreadLocalRandom.current());
        return new Known(newest, newEnd, 0, now, next, lastAsked);
    }

    /** This, after another failure to find out. */
    Known failed(Schedule schedule, Instant now) {
        Duration left = answerAt(now) == null ? Duration.ZERO : Duration.between(now, end);
        Instant next = schedule.afterFailure(failures + 1, left, now, ThreadLocalRandom.current());
        return new Known(answer, end, failures + 1, now, next, lastAsked);
    }

    /** This, where there was nobody to ask: no failure that counts. */
    Known waiting(Instant now) {
        return new Known(answer, end, failures, now, now.plus(Schedule.SHORTEST_PAUSE), lastAsked);
    }

    private static boolean isNews(OcspAnswer found, OcspAnswer held) {
        if (held.status() == Status.UNKNOWN) {
            return true;
        }
        int age = found.thisUpdate().compareTo(held.thisUpdate());
        return age > 0 || (age == 0 && held.status() != Status.REVOKED);
    }
}
