package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.telemetry.Telemetry.StapleStatus;
import io.staplegate.telemetry.Telemetry.Validity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** 10,000 identities with two certificates each: 210,000 series. */
final class ManyIdentitiesTest {
    private static final int IDENTITIES = 10_000;
    private static final int SERIES = 210_000;
    private static final int MIB = 1024 * 1024;
    private static final Instant THIS_UPDATE = Instant.parse("2026-08-01T00:00:00Z");

    private final Telemetry telemetry = new Telemetry(InstantSource.system());
    private final String contentType = telemetry.contentType("application/openmetrics-text");

    @BeforeEach
    void serve() {
        for (int i = 0; i < IDENTITIES; i++) {
            String identity = "identity-" + i;
            List<Validity> chain = IntStream.rangeClosed(2 * i + 1, 2 * i + 2)
                    .mapToObj(number -> Long.toHexString(0x1234_5678_90ab_cdefL * number))
                    .map(serial -> new Validity(serial, THIS_UPDATE, THIS_UPDATE.plusSeconds(1)))
                    .toList();
            telemetry.identityKnown(identity);
            telemetry.identityServed(identity, chain, false);
            chain.forEach(certificate -> telemetry.staple(
                    identity, certificate.certificate(), StapleStatus.GOOD, THIS_UPDATE, THIS_UPDATE.plusSeconds(1)));
        }
    }

    @Test
    void areScrapedInAFractionOfAScrapeInterval() throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Duration best = Duration.ofDays(1);
        int zipped = 0;
        for (int i = 0; i < 12; i++) {
            ByteArrayOutputStream page = new ByteArrayOutputStream();
            long start = threads.getCurrentThreadCpuTime();
            try (GZIPOutputStream out = new GZIPOutputStream(page)) {
                telemetry.scrape(contentType, out);
            }
            Duration took = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);
            best = took.compareTo(best) < 0 ? took : best;
            zipped = page.size();
        }

        String text = telemetry.scrape(contentType);
        System.out.printf(
                "a scrape of %,d identities: %d ms of a processor, %.1f MiB, %.1f MiB of text%n",
                IDENTITIES, best.toMillis(), zipped / (double) MIB, text.length() / (double) MIB);
        assertThat(text.lines().filter(line -> !line.startsWith("#")).count()).isGreaterThan(SERIES);
        assertThat(zipped).isLessThan(10 * MIB);
        assertThat(best).isLessThan(Duration.ofSeconds(2));
    }
}
