package io.staplegate.loadtest;

import io.staplegate.probe.Encounter;
import io.staplegate.probe.StatusWish;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Devices that shake hands with one server side by side, each on a virtual thread, one handshake after the other.
 *
 * @param meeting what each device does
 * @param asks for the server's status
 * @param judge says whether what the server presented is in order
 * @param size how many devices there are
 */
record Fleet(Meeting meeting, StatusWish asks, CachedJudge judge, int size) {
    /** Shakes hands a number of times in all, and returns when that is done. */
    Tally shakeHands(long times) throws InterruptedException {
        Tally tally = new Tally(asks != StatusWish.NONE);
        AtomicLong left = new AtomicLong(times);
        Callable<Void> device = () -> {
            while (left.getAndDecrement() > 0) {
                shakeHands(tally);
            }
            return null;
        };
        try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> done : devices.invokeAll(Collections.nCopies(size, device))) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a device broke", e.getCause());
        }
        return tally;
    }

    private void shakeHands(Tally tally) {
        try {
            Encounter encounter = meeting.perform();
            Optional<String> fault = judge.judge(encounter.presented()).fault();
            fault.ifPresentOrElse(tally::failed, () -> tally.succeeded(encounter));
        } catch (IOException e) {
            tally.failed(String.valueOf(e.getMessage()));
        }
    }
}
