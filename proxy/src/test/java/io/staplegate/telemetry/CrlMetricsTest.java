package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The series of devices' revocation lists are as many as are configured, and a hundred. */
final class CrlMetricsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private final Telemetry telemetry = new Telemetry(InstantSource.fixed(NOW));

    @Test
    void listsThatCertificatesNameCannotMakeSeriesWithoutEnd() {
        telemetry.crls().known("first.example:80/configured.crl", true);
        for (int i = 0; i < 150; i++) {
            telemetry.crls().known("ca.example:80/" + i, false);
            telemetry.crls().held("ca.example:80/" + i, NOW, NOW.plusSeconds(60), 1, 24);
            telemetry.crls().failed("ca.example:80/" + i);
        }
        telemetry.crls().known("second.example:80/configured.crl", true);
        telemetry.crls().held("second.example:80/configured.crl", NOW, NOW.plusSeconds(60), 1, 24);

        assertThat(count("staplegate_device_crl_entries{")).isEqualTo(101);
        assertThat(count("staplegate_device_crl_failures_total{")).isEqualTo(103);
        assertThat(scrape()).contains("staplegate_device_crl_failures_total{list=\"other\"} 50.0");
    }

    @Test
    void aListThatIsForgottenMakesRoom() {
        for (int i = 0; i < 100; i++) {
            telemetry.crls().known("ca.example:80/" + i, false);
        }
        telemetry.crls().forgotten("ca.example:80/7");
        telemetry.crls().known("ca.example:80/new", false);

        assertThat(count("staplegate_device_crl_failures_total{")).isEqualTo(100);
        assertThat(scrape()).contains("/new\"").doesNotContain("/7\"");
    }

    private long count(String start) {
        return scrape().lines().filter(line -> line.startsWith(start)).count();
    }

    private String scrape() {
        return telemetry.scrape(telemetry.contentType(null));
    }
}
