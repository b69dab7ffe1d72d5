package io.staplegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.loadtest.reconnect.ReconnectReport;
import io.staplegate.loadtest.revoke.RevokeReport;
import io.staplegate.loadtest.revoke.RevokeReport.Source;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The proofs of devices with certificates, each on a small scale. */
final class DeviceCommandsTest {
    /** With two places, of which a responder gets both, 20 devices need 10 round trips of 100 ms. */
    @Test
    void theResponderIsAskedOnceAboutEachDeviceHoweverOftenItIsRefusedForWantOfTime() {
        Outcome outcome = Outcome.of(
                "reconnect",
                "--devices",
                20,
                "--rtt",
                "100ms",
                "--budget",
                "50ms",
                "--max-fetches",
                2,
                "--warmup",
                16,
                "--longest",
                "1m",
                "--blocked",
                "1s",
                "--json");
        ReconnectReport report = JsonMapper.shared().readValue(outcome.out(), ReconnectReport.class);
        assertThat(outcome.exit()).as(outcome.err() + report).isZero();
        ReconnectReport.Row row = report.rows().getFirst();
        assertThat(row.requests()).isEqualTo(20);
        assertThat(row.mostAboutOne()).isEqualTo(1);
        assertThat(row.refusedAtFirst()).containsKey("certificate_unknown");
        assertThat(row.tries()).isGreaterThan(20);
    }

    @Test
    void whereThePolicyIsSoftEveryDeviceIsInAtItsFirstTry() {
        Outcome outcome = Outcome.of(
                "reconnect",
                "--devices",
                20,
                "--policy",
                "soft",
                "--budget",
                "50ms",
                "--max-fetches",
                32,
                "--warmup",
                32,
                "--blocked",
                "1s",
                "--json");
        ReconnectReport report = JsonMapper.shared().readValue(outcome.out(), ReconnectReport.class);
        assertThat(outcome.exit()).as(outcome.err() + report).isZero();
        assertThat(report.rows().getFirst().tries()).isEqualTo(20);
    }

    @Test
    void devicesThatAreInAreCutOffWhenTheyAreRevoked() {
        Outcome outcome = Outcome.of("revoke", "--validity", "4s", "--json");
        RevokeReport report = JsonMapper.shared().readValue(outcome.out(), RevokeReport.class);
        assertThat(outcome.exit()).as(outcome.err() + report).isZero();
        assertThat(report.rows()).hasSize(9);
        assertThat(report.rows()).allSatisfy(row -> {
            List<String> alerts = List.of(row.ending(), row.again());
            assertThat(alerts).containsOnly(row.source() == Source.DENY_LIST ? "access_denied" : "certificate_revoked");
            assertThat(Objects.requireNonNull(row.sinceTold())).isNotNegative().isLessThan(5);
        });
    }
}
