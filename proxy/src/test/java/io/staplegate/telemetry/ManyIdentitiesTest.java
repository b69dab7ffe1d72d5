package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.telemetry.Telemetry.StapleStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** 10,000 identities with two certificates each: 160,000 series. */
final class ManyIdentitiesTest {
    private static final int IDENTITIES = 10_000;
    private static final Instant THIS_UPDATE = Instant.parse("2026-08-01T00:00:00Z");

    private final Telemetry telemetry = new Telemetry(InstantSource.system());

    @Test
    void areScrapedInAFractionOfAScrapeInterval() {
        for (int i = 0; i < IDENTITIES; i++) {
            telemetry.identityKnown("identity-" + i);
            for (int position = 0; position < 2; position++) {
                String serial = Long.toHexString(0x1234_5678_90ab_cdefL * (2 * i + position + 1));
                telemetry.staple("identity-" + i, serial, StapleStatus.GOOD, THIS_UPDATE, THIS_UPDATE.plusSeconds(1));
            }
        }

        Duration best = Duration.ofDays(1);
        String text = "";
        for (int i = 0; i < 12; i++) {
            long start = System.nanoTime();
            text = telemetry.scrape(telemetry.contentType(null));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            best = took.compareTo(best) < 0 ? took : best;
        }

        assertThat(text.lines().filter(line -> !line.startsWith("#")).count()).isGreaterThan(160_000);
        assertThat(best).isLessThan(Duration.ofSeconds(2));
    }
}
