package io.staplegate.device;

import io.staplegate.device.Word.Silence;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What OCSP says of a device's certificate, without the bytes that say it: there may be a hundred thousand. Unlike what
 * is served to others it is of use beyond its end. Immutable but for when it was last asked for.
 */
final class Held implements RefreshAhead.Ageing {
    /** What was not asked for in this time is not refreshed. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    /** A device that could not be checked may have gone: for so long it is found out for when it comes again. */
    private static final Duration SOUGHT = Duration.ofMinutes(10);

    /** As {@link Known} has it: a CA's responders may need a while until they know a new certificate (R36). */
    private static final Duration UNKNOWN_HOLDS = Duration.ofMinutes(1);

    private final Credential credential;
    private final @Nullable Said said;
    private final int failures;
    private final Instant changed;
    private final Instant nextLook;
    private volatile Instant lastAsked;

    /** What a verified response says, and whether the device itself had sent it. */
    private record Said(Status status, Evidence by, Instant from, Instant until) {}

    private Held(
            Credential credential,
            @Nullable Said said,
            int failures,
            Instant changed,
            Instant nextLook,
            Instant lastAsked) {
        this.credential = credential;
        this.said = said;
        this.failures = failures;
        this.changed = changed;
        this.nextLook = nextLook;
        this.lastAsked = lastAsked;
    }

    /** Nothing yet, and somebody asks. */
    static Held nothing(Credential credential, Instant now) {
        return new Held(credential.compact(), null, 0, now, now, now);
    }

    Credential credential() {
        return credential;
    }

    /** What it comes to. Good may have ended; unknown does not hold for long. */
    Word wordAt(Instant now) {
        if (said == null) {
            return credential.issuer().responders().isEmpty() ? Silence.NO_SOURCE : Silence.NOTHING;
        }
        return switch (said.status) {
            case GOOD -> new Word.Good(said.by, said.from, said.until);
            case REVOKED -> new Word.Revoked(said.by, said.from, said.until);
            case UNKNOWN -> holdsAt(now) ? Silence.UNKNOWN : Silence.NOTHING;
        };
    }

    /** Whether it need not be asked about now. */
    boolean holdsAt(Instant now) {
        return said != null && now.isBefore(said.until);
    }

    /** Whether an answer that somebody offers may be of use: there is none, or it is time for a newer one. */
    boolean isOldAt(Instant now) {
        return !holdsAt(now) || !now.isBefore(nextLook);
    }

    /** Whether it is too soon to try again: for 30 seconds at most, also where the clock was set back. */
    boolean isHeldBackAt(Instant now) {
        return failures > 0
                && now.isBefore(nextLook)
                && now.isBefore(changed.plus(Schedule.LONGEST_PAUSE))
                && !now.isBefore(changed);
    }

    @Override
    public boolean isDueAt(Instant now) {
        Duration sought = holdsAt(now) ? REMEMBERED : SOUGHT;
        return !now.isBefore(nextLook)
                && now.isBefore(lastAsked.plus(sought))
                && !credential.issuer().responders().isEmpty();
    }

    /** A revocation is never over: it may be all that keeps a device out whose CA is gone. */
    @Override
    public boolean isOverAt(Instant now) {
        boolean stands = holdsAt(now) || (said != null && said.status == Status.REVOKED);
        return !stands && !now.isBefore(lastAsked.plus(REMEMBERED));
    }

    @Override
    public Instant end() {
        return said == null ? Instant.MIN : said.until;
    }

    /** Somebody asks, or the device is connected. */
    void asked(Instant now) {
        if (now.getEpochSecond() != lastAsked.getEpochSecond()) {
            lastAsked = now;
        }
    }

    /** This, and a verified answer: the newest counts, and unknown only where nothing else does. */
    Held with(OcspAnswer found, Evidence by, Schedule schedule, Instant now) {
        if (isNews(found, now)) {
            return looked(new Said(found.status(), by, found.thisUpdate(), until(found, now)), schedule, now);
        }
        if (said == null || by != Evidence.OCSP) {
            return this; // whatever a device offers
        }
        return found.status() == said.status ? looked(said, schedule, now) : failed(schedule, now);
    }

    private Held looked(Said current, Schedule schedule, Instant now) {
        Instant next = current.status == Status.UNKNOWN
                ? current.until
                : schedule.afterSuccess(current.from, current.until, now, ThreadLocalRandom.current());
        return new Held(credential, current, 0, now, next, lastAsked);
    }

    /** This, after another failure to find out. */
    Held failed(Schedule schedule, Instant now) {
        Duration left = said != null && holdsAt(now) ? Duration.between(now, said.until) : Duration.ZERO;
        Instant next = schedule.afterFailure(failures + 1, left, now, ThreadLocalRandom.current());
        return new Held(credential, said, failures + 1, now, next, lastAsked);
    }

    /** This, where there was nobody to ask: no failure that makes the next wait longer. */
    Held waiting(Instant now) {
        return new Held(credential, said, Math.max(1, failures), now, now.plus(Schedule.SHORTEST_PAUSE), lastAsked);
    }

    private boolean isNews(OcspAnswer found, Instant now) {
        if (said == null || said.status == Status.UNKNOWN) {
            return true;
        }
        if (found.status() == Status.UNKNOWN) {
            return said.status == Status.GOOD && !holdsAt(now);
        }
        int age = found.thisUpdate().compareTo(said.from);
        return age > 0 || (age == 0 && (said.status != Status.REVOKED || found.status() == Status.REVOKED));
    }

    private static Instant until(OcspAnswer found, Instant now) {
        Instant longest = now.plus(UNKNOWN_HOLDS);
        boolean isTooLong =
                found.status() == Status.UNKNOWN && found.nextUpdate().isAfter(longest);
        return isTooLong ? longest : found.nextUpdate();
    }
}
