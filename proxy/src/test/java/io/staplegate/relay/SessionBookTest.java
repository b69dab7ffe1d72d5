package io.staplegate.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What operators see of open sessions. */
final class SessionBookTest {
    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");

    private final SessionBook book = new SessionBook(InstantSource.fixed(NOW));
    private final OpenSessions mqtts = new OpenSessions("mqtts", "broker");
    private final OpenSessions coaps = new OpenSessions("coaps", "lwm2m");
    private final AtomicInteger kills = new AtomicInteger();

    SessionBookTest() {
        book.add(mqtts);
        book.add(coaps);
    }

    /** A session that was opened 90 s ago, and has been idle for 60. */
    private final class Quiet implements OpenSession {
        @Override
        public SessionFacts facts() {
            return new SessionFacts(
                    "mqtts",
                    new InetSocketAddress("192.0.2.7", 40000),
                    new InetSocketAddress("198.51.100.1", 8883),
                    "TLSv1.3",
                    "TLS_AES_128_GCM_SHA256",
                    "broker.example",
                    null,
                    "chain",
                    false,
                    new CertifiedDevice("meter", "meter-1"),
                    null,
                    "gateway");
        }

        @Override
        public long openedAt() {
            return 0;
        }

        @Override
        public long lastByteAt() {
            return Duration.ofSeconds(30).toNanos();
        }

        @Override
        public long now() {
            return Duration.ofSeconds(90).toNanos();
        }

        @Override
        public long bytesFromDevice() {
            return 12;
        }

        @Override
        public long bytesToDevice() {
            return 34;
        }

        @Override
        public void kill() {
            kills.incrementAndGet();
        }
    }

    @Test
    void aRowSaysWhoIsThereSinceWhenAndHowMuchWentEitherWay() {
        long id = mqtts.add(new Quiet());
        assertThat(oldest(null, 10).oldest())
                .containsExactly(new SessionView(
                        String.valueOf(id),
                        "mqtts",
                        "192.0.2.7:40000",
                        "TLSv1.3",
                        "broker.example",
                        "gateway",
                        "meter-1",
                        "broker",
                        Instant.parse("2026-08-01T11:58:30Z"),
                        12,
                        34,
                        60));
    }

    @Test
    void theOldestOfAllListenersComeFirstAndAllAreCounted() {
        long first = coaps.add(new Quiet());
        long second = mqtts.add(new Quiet());
        long third = coaps.add(new Quiet());
        assertThat(oldest(null, 2).oldest())
                .extracting(SessionView::id)
                .containsExactly(String.valueOf(first), String.valueOf(second));
        assertThat(oldest(null, 2).total()).isEqualTo(3);
        assertThat(oldest("coaps", 10).oldest())
                .extracting(SessionView::id)
                .containsExactly(String.valueOf(first), String.valueOf(third));
        assertThat(book.oldest("none", 10)).isNull();
    }

    @Test
    void anIdIsKilledOnceAndNeverGivenAgain() {
        long id = mqtts.add(new Quiet());
        assertThat(book.kill("+" + id)).as("another way to write it").isFalse();
        assertThat(book.kill("0" + id)).isFalse();
        assertThat(book.kill("\u0661")).as("1 in Arabic").isFalse();
        assertThat(book.kill(String.valueOf(id))).isTrue();
        assertThat(book.kill(String.valueOf(id))).isFalse();
        assertThat(kills).hasValue(1);
        assertThat(mqtts.add(new Quiet())).isGreaterThan(id);
        for (String other : new String[] {"", "x", "-1", "99999999999999999999", String.valueOf(Long.MAX_VALUE)}) {
            assertThat(book.kill(other)).as(other).isFalse();
        }
    }

    @Test
    void ofAHundredThousandSessionsOnlyThoseThatAreAskedForAreLookedAt() {
        long[] ids = IntStream.range(0, 100_000)
                .mapToLong(i -> (i % 2 == 0 ? mqtts : coaps).add(new Quiet()))
                .toArray();
        SessionBook.Page page = oldest(null, 10_000);
        assertThat(page.total()).isEqualTo(100_000);
        assertThat(page.oldest())
                .hasSize(10_000)
                .last()
                .extracting(SessionView::id)
                .isEqualTo(String.valueOf(ids[9_999]));
        for (int i = 0; i < ids.length; i++) {
            (i % 2 == 0 ? mqtts : coaps).remove(ids[i]);
        }
        assertThat(oldest(null, 10_000)).isEqualTo(new SessionBook.Page(0, List.of()));
    }

    private SessionBook.Page oldest(@Nullable String listener, int most) {
        return Objects.requireNonNull(book.oldest(listener, most));
    }
}
