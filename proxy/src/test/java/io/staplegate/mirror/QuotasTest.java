package io.staplegate.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.mirror.Quotas.Quota;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How much a source may ask for. */
final class QuotasTest {
    private static final InetAddress SOURCE = InetAddress.ofLiteral("192.0.2.1");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L); // it wraps within a second
    private final Quotas quotas = new Quotas(5, nanos::get);

    @Test
    void aSourceBeginsWithTwentySecondsWorthAndGoesOnAtTheRate() {
        assertThat(taken(quotas.of(SOURCE).requests(), 1_000)).isEqualTo(100);
        for (int second = 0; second < 60; second++) {
            pass(Duration.ofSeconds(1));
            assertThat(taken(quotas.of(SOURCE).requests(), 1_000)).isEqualTo(5);
        }
    }

    @Test
    void fetchesAreCountedForThemselves() {
        Quota quota = quotas.of(SOURCE);

        assertThat(taken(quota.fetches(), 1_000)).isEqualTo(100);
        pass(Duration.ofSeconds(1));
        assertThat(taken(quota.fetches(), 1_000)).isEqualTo(10);
        assertThat(quota.requests().take()).isTrue();
    }

    @Test
    void silenceFillsItAndNoMore() {
        taken(quotas.of(SOURCE).requests(), 100);
        pass(Duration.ofSeconds(10));
        assertThat(taken(quotas.of(SOURCE).requests(), 1_000)).isEqualTo(50);
        pass(Duration.ofHours(1));
        assertThat(taken(quotas.of(SOURCE).requests(), 1_000)).isEqualTo(100);
    }

    @Test
    void aRateWithoutBoundsIsNone() {
        Quotas boundless = new Quotas(Integer.MAX_VALUE, nanos::get);

        assertThat(taken(boundless.of(SOURCE).requests(), 100_000)).isEqualTo(100_000);
    }

    @Test
    void threadsTogetherTakeNoMoreThanThereIs() {
        Quota quota = quotas.of(SOURCE);
        AtomicInteger taken = new AtomicInteger();

        IntStream.range(0, 10_000).parallel().forEach(_ -> {
            if (quota.requests().take()) {
                taken.incrementAndGet();
            }
        });

        assertThat(taken).hasValue(100);
    }

    @Test
    void anIpv6SourceIsItsNetworkOf64Bits() {
        assertThat(source("2001:db8:1:2:3:4:5:6")).isEqualTo(source("2001:db8:1:2::1"));
        assertThat(source("2001:db8:1:2::1")).isNotEqualTo(source("2001:db8:1:3::1"));
        assertThat(source("192.0.2.1")).isNotEqualTo(source("192.0.2.2"));
    }

    private static InetAddress source(String address) {
        return Source.of(InetAddress.ofLiteral(address));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static int taken(Allowance allowance, int tries) {
        return (int) IntStream.range(0, tries).filter(_ -> allowance.take()).count();
    }
}
