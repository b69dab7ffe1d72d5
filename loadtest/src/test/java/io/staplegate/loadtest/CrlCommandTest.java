package io.staplegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.loadtest.crl.CrlReport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The large revocation list on a small scale. */
final class CrlCommandTest {
    @Test
    void aListIsLoadedAndReplacedWhileDevicesGoOnToCome() {
        Outcome outcome = Outcome.of("crl", "--entries", 20_000, "--handshakes", 50, "--calm", "1s", "--json");
        CrlReport report = JsonMapper.shared().readValue(outcome.out(), CrlReport.class);
        assertThat(outcome.exit()).as(outcome.err() + report).isZero();
        assertThat(report.entries()).isEqualTo(20_000);
        assertThat(report.megabytes()).isGreaterThan(1);
        assertThat(report.calm().count()).isPositive();
        assertThat(report.swapping().failed()).isZero();
    }
}
