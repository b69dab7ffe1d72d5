package io.staplegate.fetch;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.Verdict;
import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time that everything is judged by: the system's, until a signature proves that it is behind. Safe for use by any
 * thread, and on event loops.
 *
 * <p>A {@code Date} header is not signed: alone it makes a metric and a warning. An answer that is right in everything
 * but that it comes from the future proves the system's clock wrong. From then on, until that is set, the time is the
 * latest one that was claimed, by a {@code Date} or by the time of a file, within the validity of a signed answer. So
 * nobody without a CA's key moves a clock that is right. One that is behind is moved forward only, and by a replayed
 * answer not beyond its nextUpdate. One that is ahead is never moved: an old answer with an old date proves nothing.
 *
 * <p>A CA's own clock may be fast. Who sends an answer that is valid at its {@code Date} is a witness: one that agrees
 * with the system's clock keeps that from being moved, or ends what another CA had moved it to.
 */
public final class ClockGuard implements InstantSource {
    private static final Logger LOG = LoggerFactory.getLogger(ClockGuard.class);

    /** A {@code Date} has whole seconds, and is on its way for some: no doubt is cast by less than this. */
    private static final Duration LEAST_TOLERANCE = Duration.ofMinutes(1);

    private final InstantSource system;
    private final LongSupplier nanoTime;
    private final Duration tolerance;
    private final Telemetry telemetry;
    private final Witnesses dates = new Witnesses(); // signed or not
    private final Witnesses witnesses = new Witnesses(); // each within the validity of the answer it came with
    private volatile Instant signedTime = Instant.MIN; // written under the lock, as is the next
    private volatile @Nullable Correction correction;
    private boolean inDoubt; // guarded by the lock

    /** What a signed thing is worth at a moment. Pure, and called more than once. */
    @FunctionalInterface
    public interface Judgement {
        Verdict at(Instant moment);
    }

    /** The time that counts instead of the system's, and what that said when it was proven wrong. */
    private record Correction(Reckoning time, Reckoning system) {}

    /** {@code tolerance}: the clock is in doubt when it is off by more; a minute at least. */
    public ClockGuard(InstantSource system, Duration tolerance, Telemetry telemetry) {
        this(system, System::nanoTime, tolerance, telemetry);
    }

    /** The same for tests. {@code nanoTime}: a clock that goes on evenly when the system's is set. */
    public ClockGuard(InstantSource system, LongSupplier nanoTime, Duration tolerance, Telemetry telemetry) {
        this.system = system;
        this.nanoTime = nanoTime;
        this.tolerance = later(tolerance, LEAST_TOLERANCE);
        this.telemetry = telemetry;
    }

    @Override
    public Instant instant() {
        Instant now = system.instant();
        Correction inForce = correction;
        if (inForce == null) {
            return now;
        }
        long nanos = nanoTime.getAsLong();
        if (isSet(inForce, now, nanos)) {
            end(inForce);
            return now;
        }
        return inForce.time.at(nanos);
    }

    /** The newest moment at which somebody signed what was judged here: it is not earlier than this, surely. */
    public Instant signedTime() {
        return signedTime;
    }

    /**
     * Judges what a responder has sent; where that proves that the clock is behind, by the clock as it is then.
     *
     * @param date what the responder takes for the time; null where it did not say
     */
    public Verdict judge(URI responder, @Nullable Instant date, Judgement judgement) {
        if (date == null) {
            return noted(judgement.at(instant()));
        }
        Reckoning said = new Reckoning(date, nanoTime.getAsLong());
        dates.heard(responder, said);
        Verdict verdict = weigh(date, judgement, () -> witnesses.heard(responder, said));
        review();
        return verdict;
    }

    /** Judges what was kept in a file since some time, in the same way: at that time it was at least so late. */
    public Verdict judgeKept(Instant since, Judgement judgement) {
        Instant now = instant();
        return isBeyond(since, now) ? weigh(since, judgement, () -> {}) : noted(judgement.at(now));
    }

    /** {@code signed}: what to do where the claimed time lies within the validity of a signed answer. */
    private Verdict weigh(Instant claimed, Judgement judgement, Runnable signed) {
        Instant now = instant();
        Verdict verdict = noted(judgement.at(now));
        OcspAnswer answer = answer(isNear(claimed, now) ? verdict : judgement.at(claimed));
        if (answer == null) {
            return verdict;
        }
        signed.run();
        settle(claimed, answer);
        Instant then = instant();
        return isNear(then, now) ? verdict : noted(judgement.at(then));
    }

    /** Corrects the clock, or ends that, where an answer that is valid at the claimed time is reason enough. */
    private synchronized void settle(Instant claimed, OcspAnswer answer) {
        Instant now = instant();
        if (agreeingWith(system.instant()) > 0) {
            acquit();
        } else if (isBeyond(claimed, now)
                && (correction != null || isBeyond(signedAt(answer), now))
                && agreeingWith(now) <= agreeingWith(claimed)) {
            long nanos = nanoTime.getAsLong();
            correction = new Correction(new Reckoning(claimed, nanos), new Reckoning(system.instant(), nanos));
            review();
            LOG.atInfo()
                    .addKeyValue("from", now)
                    .addKeyValue("to", claimed)
                    .addKeyValue("signedAt", signedAt(answer))
                    .log("a signed answer proves the clock to be behind: corrected until it is set");
        }
    }

    /** The system's clock is right after all: the CA that had proven it wrong signs in the future. */
    private void acquit() {
        Correction inForce = correction;
        if (inForce != null) {
            Instant now = system.instant();
            signedTime = signedTime.isAfter(now) ? now : signedTime;
            end(inForce);
        }
    }

    private long agreeingWith(Instant clock) {
        return witnesses.agreeing(clock, nanoTime.getAsLong(), tolerance);
    }

    /** Whether the system's clock has come to what counts, or was set to a time that no signature contradicts. */
    private boolean isSet(Correction inForce, Instant now, long nanos) {
        boolean caughtUp = !isBeyond(inForce.time.at(nanos), now);
        boolean jumped = isBeyond(now, inForce.system.at(nanos));
        return caughtUp || (jumped && !isBeyond(signedTime, now));
    }

    private synchronized void end(Correction over) {
        if (over.equals(correction)) {
            correction = null;
            review();
        }
    }

    /** Tells how far the clock is off, by what counts instead, else by what responders say; says when that is a lot. */
    private synchronized void review() {
        Instant now = system.instant();
        long nanos = nanoTime.getAsLong();
        Duration offset = Optional.ofNullable(correction)
                .map(inForce -> Duration.between(now, inForce.time.at(nanos)))
                .or(() -> dates.offset(now, nanos))
                .orElse(Duration.ZERO);
        telemetry.clockOffset(offset);
        boolean tooFar = isTooFar(offset);
        if (tooFar && !inDoubt) {
            LOG.atWarn()
                    .addKeyValue("clock", now)
                    .addKeyValue("offset", offset)
                    .log(
                            offset.isNegative()
                                    ? "clock is ahead of all responders: until it is set, staples end early"
                                    : "clock is behind all responders: it must be set");
        } else if (inDoubt && !tooFar) {
            LOG.atInfo().addKeyValue("clock", now).log("clock is right again");
        }
        inDoubt = tooFar;
    }

    private Verdict noted(Verdict verdict) {
        OcspAnswer answer = answer(verdict);
        if (answer != null && signedAt(answer).isAfter(signedTime)) {
            sign(signedAt(answer));
        }
        return verdict;
    }

    private synchronized void sign(Instant time) {
        signedTime = later(time, signedTime);
    }

    private static @Nullable OcspAnswer answer(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Good good -> good.answer();
            case Verdict.Revoked revoked -> revoked.answer();
            case Verdict.Unknown unknown -> unknown.answer();
            case Verdict.Unusable _ -> null;
        };
    }

    private static Instant signedAt(OcspAnswer answer) {
        return later(answer.thisUpdate(), answer.producedAt());
    }

    private boolean isBeyond(Instant time, Instant other) {
        return time.isAfter(other.plus(tolerance));
    }

    private boolean isNear(Instant time, Instant other) {
        return !isTooFar(Duration.between(time, other));
    }

    private boolean isTooFar(Duration offset) {
        return offset.abs().compareTo(tolerance) > 0;
    }

    private static <T extends Comparable<T>> T later(T one, T other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
