package io.staplegate.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When a responder counts as down, and who may still ask it, on a clock that the test moves. */
final class CircuitsTest {
    private static final URI RESPONDER = URI.create("http://ocsp.test/ca");
    private static final URI OTHER_PATH = URI.create("http://ocsp.test/other");
    private static final Duration LATEST_PROBE = Circuits.PROBE_INTERVAL.plus(Circuits.PROBE_SPREAD);

    private final Telemetry telemetry = new Telemetry(InstantSource.system());
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private final Circuits circuits = new Circuits(() -> now, telemetry, new Random(4));

    @Test
    void threeFailuresInARowOpenACircuit() {
        fail(2);
        assertThat(circuits.isOpen(RESPONDER)).isFalse();
        assertThat(circuits.admits(RESPONDER)).isTrue();

        fail(1);
        assertThat(circuits.isOpen(RESPONDER)).isTrue();
        assertThat(circuits.admits(RESPONDER)).isFalse();
    }

    @Test
    void failuresWithAnAnswerInBetweenDoNot() {
        fail(2);
        circuits.answered(RESPONDER);
        fail(2);

        assertThat(circuits.admits(RESPONDER)).isTrue();
        assertThat(circuits.isOpen(RESPONDER)).isFalse();
    }

    @Test
    void anOpenCircuitAdmitsOneProbeEveryThirtySeconds() {
        fail(3);
        for (int probe = 0; probe < 100; probe++) {
            Instant from = now;
            while (!circuits.isProbeDue(RESPONDER)) {
                assertThat(circuits.admits(RESPONDER)).isFalse();
                now = now.plusMillis(100);
            }
            assertThat(Duration.between(from, now)).isBetween(Circuits.PROBE_INTERVAL, LATEST_PROBE.plusMillis(100));
            assertThat(circuits.admits(RESPONDER)).isTrue();
            assertThat(circuits.admits(RESPONDER)).isFalse();
            assertThat(circuits.isProbeDue(RESPONDER)).isFalse();
        }
    }

    @Test
    void aDeviceGetsAProbeThatNobodyTakesForAStaple() {
        fail(3);
        now = now.plus(LATEST_PROBE);
        assertThat(circuits.isProbeDue(RESPONDER)).isTrue();
        assertThat(circuits.admitsDevice(RESPONDER)).isFalse();

        now = now.plus(Circuits.OURS_FIRST);
        assertThat(circuits.admitsDevice(RESPONDER)).isTrue();
        assertThat(circuits.admits(RESPONDER)).isFalse();
    }

    @Test
    void aWishToADeviceShortensNoOther() {
        circuits.failed(RESPONDER, Duration.ofMinutes(10));
        circuits.failedDevice(RESPONDER, Duration.ofMinutes(10));

        now = now.plusSeconds(599);
        assertThat(circuits.admits(RESPONDER)).isFalse();
        now = now.plusSeconds(1);
        assertThat(circuits.admits(RESPONDER)).isTrue();
    }

    @Test
    void aProbeThatFailsPutsOffTheNext() {
        fail(3);
        now = now.plus(LATEST_PROBE);
        assertThat(circuits.admits(RESPONDER)).isTrue();
        now = now.plusSeconds(15);
        fail(1);

        now = now.plus(Circuits.PROBE_INTERVAL).minusMillis(1);
        assertThat(circuits.admits(RESPONDER)).isFalse();
    }

    @Test
    void aProbeThatSucceedsClosesTheCircuit() {
        fail(3);
        now = now.plus(LATEST_PROBE);
        assertThat(circuits.admits(RESPONDER)).isTrue();
        circuits.answered(RESPONDER);

        assertThat(circuits.isOpen(RESPONDER)).isFalse();
        fail(2);
        assertThat(circuits.isOpen(RESPONDER)).isFalse();
    }

    @Test
    void aProbeThatNeverEndsDoesNotKeepTheCircuitOpen() {
        fail(3);
        now = now.plus(LATEST_PROBE);
        assertThat(circuits.admits(RESPONDER)).isTrue();

        now = now.plus(LATEST_PROBE);
        assertThat(circuits.admits(RESPONDER)).isTrue();
    }

    @Test
    void aResponderThatAsksForTimeGetsItAtOnce() {
        circuits.failed(RESPONDER, Duration.ofMinutes(10));
        assertThat(circuits.isOpen(RESPONDER)).isTrue();

        now = now.plusSeconds(599);
        assertThat(circuits.admits(RESPONDER)).isFalse();
        now = now.plusSeconds(1);
        assertThat(circuits.admits(RESPONDER)).isTrue();
    }

    @Test
    void anAnswerThatCrossesAWishForTimeDoesNotEndIt() {
        fail(2);
        circuits.failed(RESPONDER, Duration.ofMinutes(10));
        circuits.answered(RESPONDER);
        assertThat(circuits.isOpen(RESPONDER)).isTrue();
        assertThat(openAtHost()).isEqualTo(1);

        now = now.plusSeconds(599);
        assertThat(circuits.admits(RESPONDER)).isFalse();
        now = now.plusSeconds(1);
        assertThat(circuits.admits(RESPONDER)).isTrue();
        circuits.answered(RESPONDER);
        assertThat(circuits.isOpen(RESPONDER)).isFalse();
        fail(2);
        assertThat(circuits.isOpen(RESPONDER)).as("failures before an answer").isFalse();
    }

    @Test
    void aFailureIsToldFromThoseBeforeAnAnswer() {
        fail(1);
        long before = circuits.lastFailure(RESPONDER);
        circuits.answered(RESPONDER);
        assertThat(circuits.lastFailure(RESPONDER)).isZero();
        fail(1);

        assertThat(circuits.lastFailure(RESPONDER)).isNotZero().isNotEqualTo(before);
    }

    @Test
    void aShortWishOfOneThatIsDownDoesNotBringTheNextProbeForward() {
        fail(3);
        circuits.failed(RESPONDER, Duration.ofSeconds(1));

        now = now.plus(Circuits.PROBE_INTERVAL).minusMillis(1);
        assertThat(circuits.admits(RESPONDER)).isFalse();
    }

    @Test
    void aWishEndsWhereAStapleWouldBeAtRisk() {
        circuits.failed(RESPONDER, Duration.ofMinutes(10));
        circuits.holdNoLongerThan(RESPONDER, now.plusSeconds(60));
        circuits.holdNoLongerThan(RESPONDER, now.plusSeconds(120));

        now = now.plusSeconds(59);
        assertThat(circuits.admits(RESPONDER)).isFalse();
        now = now.plusSeconds(1);
        assertThat(circuits.admits(RESPONDER)).isTrue();
    }

    @Test
    void whoeverIsAwaitedBringsTheNextProbeForward() {
        Duration interval = Duration.ofSeconds(5);
        circuits.probeWithin(RESPONDER, interval);
        fail(3);
        for (int probe = 0; probe < 3; probe++) {
            circuits.probeWithin(RESPONDER, interval);
            now = now.plus(interval).minusMillis(1);
            circuits.probeWithin(RESPONDER, interval);
            assertThat(circuits.admits(RESPONDER)).isFalse();
            now = now.plusMillis(1);
            assertThat(circuits.admits(RESPONDER)).isTrue();
            assertThat(circuits.admits(RESPONDER)).isFalse();
        }
        now = now.plus(Circuits.PROBE_INTERVAL).minusMillis(1);
        assertThat(circuits.admits(RESPONDER)).as("nobody is awaited any more").isFalse();
        circuits.probeWithin(RESPONDER, LATEST_PROBE.plusSeconds(1));
        now = now.plus(Circuits.PROBE_SPREAD).plusMillis(1);
        assertThat(circuits.admits(RESPONDER)).as("not put off").isTrue();
    }

    @Test
    void whoeverIsAwaitedShortensNoWishForTime() {
        circuits.failed(RESPONDER, Duration.ofMinutes(10));
        circuits.probeWithin(RESPONDER, Duration.ofSeconds(5));

        now = now.plusSeconds(599);
        assertThat(circuits.admits(RESPONDER)).isFalse();
    }

    @Test
    void aClockThatIsSetBackDelaysNoProbe() {
        fail(3);
        now = now.minus(Duration.ofDays(1));

        assertThat(circuits.isProbeDue(RESPONDER)).isTrue();
        assertThat(circuits.admits(RESPONDER)).isTrue();
    }

    @Test
    void aResetForgetsEverything() {
        fail(3);
        circuits.reset();

        assertThat(circuits.isOpen(RESPONDER)).isFalse();
        assertThat(openAtHost()).isEqualTo(0);
        fail(2);
        assertThat(circuits.admits(RESPONDER)).isTrue();
    }

    @Test
    void theWholeUrlButItsQueryTellsRespondersApart() {
        fail(3);

        assertThat(circuits.isOpen(URI.create("HTTP://OCSP.test:80/ca?x"))).isTrue();
        assertThat(circuits.isOpen(OTHER_PATH)).isFalse();
        assertThat(circuits.isOpen(URI.create("https://ocsp.test:80/ca"))).isFalse();
        assertThat(circuits.admits(URI.create("ldap:nowhere"))).isTrue();
    }

    @Test
    void theMetricIsOneWhileAnyCircuitOfAHostIsOpen() {
        fail(3);
        circuits.failed(OTHER_PATH, Duration.ofSeconds(5));
        assertThat(openAtHost()).isEqualTo(1);

        circuits.answered(RESPONDER);
        assertThat(openAtHost()).isEqualTo(1);
        now = now.plusSeconds(5);
        circuits.answered(OTHER_PATH);
        assertThat(openAtHost()).isEqualTo(0);
    }

    @Test
    void ofTooManyTheOneThatNobodyAsksAboutIsForgotten() {
        fail(3);
        for (int i = 0; i < Circuits.MOST; i++) {
            circuits.failed(URI.create("http://host-" + i + ".test/"));
        }

        assertThat(circuits.isOpen(RESPONDER)).isFalse();
        assertThat(openAtHost()).isEqualTo(0);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            circuits.failed(RESPONDER);
        }
    }

    private int openAtHost() {
        String metric = "staplegate_responder_circuit_open{responder=\"ocsp.test:80\"} ";
        return telemetry
                .scrape("text/plain")
                .lines()
                .filter(line -> line.startsWith(metric))
                .map(line -> line.substring(metric.length()))
                .mapToInt(value -> (int) Double.parseDouble(value))
                .findFirst()
                .orElseThrow();
    }
}
