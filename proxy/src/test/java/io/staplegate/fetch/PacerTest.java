package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Starts at a rate. */
@Timeout(60)
final class PacerTest {
    private static final long MILLISECOND = 1_000_000;

    private final long begin = Long.MAX_VALUE - 5 * MILLISECOND; // overflows in between, as System.nanoTime may
    private long now = begin;
    private long overslept;
    private final Pacer pacer = new Pacer(100, () -> now, nanos -> {
        now += nanos + overslept;
        return false;
    });

    @Test
    void theFirstStartsAtOnceAndTheOthersOneIntervalApart() throws InterruptedException {
        assertThat(start()).isZero();
        assertThat(start()).isEqualTo(11_000);
        assertThat(start()).isEqualTo(22_000);
    }

    @Test
    void timeThatPassesCountsAndIdleTimeIsNotSaved() throws InterruptedException {
        start();
        now += 4 * MILLISECOND;
        assertThat(start()).isEqualTo(11_000);
        now += 1000 * MILLISECOND;
        assertThat(start()).isEqualTo(1_011_000);
        assertThat(start()).isEqualTo(1_022_000);
    }

    @Test
    void oneThatBeginsLateKeepsTheNextAway() throws InterruptedException {
        start();
        overslept = 30 * MILLISECOND;
        assertThat(start()).isEqualTo(41_000);
        overslept = 0;
        assertThat(start()).isEqualTo(52_000);
    }

    @Test
    void noSecondSeesMoreThanTheRateHoweverTheThreadsWake() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        List<Long> looks = new ArrayList<>(); // at the beginning, then before and behind each rest
        AtomicInteger looked = new AtomicInteger();
        Pacer real = new Pacer(
                500,
                () -> {
                    looks.add(System.nanoTime());
                    looked.incrementAndGet();
                    return looks.getLast();
                },
                nanos -> closed.await(nanos, TimeUnit.NANOSECONDS));
        List<Thread> threads = new ArrayList<>();
        for (int each = 0; each < 32; each++) {
            threads.add(Thread.startVirtualThread(() -> startUntilClosed(real)));
        }
        await().until(() -> looked.get() > 2 * 600);
        closed.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        List<Long> starts = IntStream.iterate(2, look -> look < looks.size(), look -> look + 2)
                .mapToObj(looks::get)
                .toList();
        for (int last = 500; last < starts.size(); last++) {
            assertThat(starts.get(last) - starts.get(last - 500)).isGreaterThanOrEqualTo(1_100 * MILLISECOND);
        }
    }

    @Test
    void nothingStartsOnceClosedAndOneThatIsInterruptedTakesNoTurn() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Pacer slow = new Pacer(1, System::nanoTime, nanos -> closed.await(nanos, TimeUnit.NANOSECONDS));
        assertThat(slow.await()).isTrue();
        List<Object> ends = new ArrayList<>();
        Thread interrupted = Thread.startVirtualThread(() -> note(slow, ends));
        Thread waiting = Thread.startVirtualThread(() -> note(slow, ends));
        interrupted.interrupt();
        interrupted.join();
        assertThat(ends).containsExactly("interrupted");
        closed.countDown();
        waiting.join();
        assertThat(ends).containsExactly("interrupted", false);
    }

    /** Microseconds since the beginning. */
    private long start() throws InterruptedException {
        assertThat(pacer.await()).isTrue();
        return (now - begin) / 1000;
    }

    private static void startUntilClosed(Pacer pacer) {
        try {
            boolean started = true;
            while (started) {
                started = pacer.await();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void note(Pacer pacer, List<Object> ends) {
        try {
            ends.add(pacer.await());
        } catch (InterruptedException _) {
            ends.add("interrupted");
        }
    }
}
