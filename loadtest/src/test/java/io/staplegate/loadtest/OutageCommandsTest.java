package io.staplegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.loadtest.fleet.FleetReport;
import io.staplegate.loadtest.kills.KillsReport;
import io.staplegate.loadtest.outage.OutageReport;
import io.staplegate.loadtest.takedown.TakedownReport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The proofs of outages and attacks, each on a small scale. */
final class OutageCommandsTest {
    @Test
    void staplesLastToTheirEndInAnOutageAndAreBackWithinAMinuteOfItsEnd() {
        Outcome outcome = Outcome.of(
                "outage", "--certificates", 20, "--rate", 50, "--validity", "6h", "--length", "9h", "--json");
        OutageReport report = JsonMapper.shared().readValue(outcome.out(), OutageReport.class);
        assertThat(outcome.exit()).as(report.toString()).isZero();
        assertThat(report.stapled()).as("handshakes in the last minute").isPositive();
        assertThat(report.bare()).as("handshakes behind the end").isPositive();
        assertThat(report.backSeconds()).isLessThanOrEqualTo(60);
    }

    @Test
    void aFleetIsFetchedAndRenewedAtTheConfiguredRateAndNotFetchedAgainByARestart() {
        Outcome outcome = Outcome.of(
                "fleet",
                "--identities",
                100,
                "--rate",
                50,
                "--validity",
                "120s",
                "--max-age",
                "3s",
                "--steady",
                "3s",
                "--outage",
                "0s",
                "--json");
        FleetReport report = JsonMapper.shared().readValue(outcome.out(), FleetReport.class);
        assertThat(outcome.exit()).as(report.toString()).isZero();
        assertThat(report.phases()).extracting(FleetReport.Phase::name).containsExactly("start", "steady", "restart");
        assertThat(report.phases())
                .allSatisfy(phase -> assertThat(phase.requests()).isPositive());
        assertThat(report.perSecond().stream().mapToInt(Integer::intValue).sum())
                .isGreaterThanOrEqualTo(100);
    }

    @Test
    void theStoreLoadsAfterEachKillAndEverythingInItVerifies() {
        Outcome outcome = Outcome.of("kills", "--count", 2, "--sites", 20, "--json");
        KillsReport report = JsonMapper.shared().readValue(outcome.out(), KillsReport.class);
        assertThat(outcome.exit()).as(report.toString()).isZero();
        assertThat(report.stapled()).isEqualTo(2 * 20);
        assertThat(report.failures()).isEmpty();
    }

    /** A handshake that waited for the responder would take 5 seconds. */
    @Test
    void noDeviceNoticesThatTheResponderIsTakenDown() {
        Outcome outcome = Outcome.of(
                "takedown",
                "--handshakes",
                20,
                "--before",
                "2s",
                "--during",
                "6s",
                "--dead",
                "2s",
                "--longest",
                "4500ms",
                "--json");
        TakedownReport report = JsonMapper.shared().readValue(outcome.out(), TakedownReport.class);
        assertThat(outcome.exit()).as(report.toString()).isZero();
        assertThat(report.periods())
                .extracting(TakedownReport.Period::name)
                .containsExactly("before", "in the flood", "dead responder");
        assertThat(report.periods()).extracting(TakedownReport.Period::stapled).containsExactly(40L, 120L, 40L);
    }

    @Test
    void anOutageThatNoStapleEndsInIsAUsageError() {
        Outcome outcome = Outcome.of("outage", "--validity", "24h", "--length", "24h");
        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: --length: no longer than --validity");
    }
}
