package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import io.staplegate.telemetry.Telemetry.RefreshOutcome;
import io.staplegate.telemetry.Telemetry.Refusal;
import io.staplegate.telemetry.Telemetry.StapleKind;
import io.staplegate.telemetry.Telemetry.StapleStatus;
import io.staplegate.telemetry.Telemetry.Validity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a scrape shows after things happened. */
final class TelemetryTest {
    private static final Instant THIS_UPDATE = Instant.parse("2026-08-01T00:00:00Z");
    private static final Instant NEXT_UPDATE = Instant.parse("2026-08-05T00:00:00Z");

    private Instant now = THIS_UPDATE;
    private final InstantSource clock = () -> now;
    private final Telemetry telemetry = new Telemetry(clock);

    @Test
    void aStapleShowsItsTimesAndExactlyOneStatus() {
        telemetry.staple("gateway", "0a1b", StapleStatus.GOOD, THIS_UPDATE, NEXT_UPDATE);

        assertThat(seriesOf("staplegate_staple_"))
                .containsExactlyInAnyOrder(
                        "staplegate_staple_this_update_seconds{certificate=\"0a1b\",identity=\"gateway\"} "
                                + (double) THIS_UPDATE.getEpochSecond(),
                        "staplegate_staple_next_update_seconds{certificate=\"0a1b\",identity=\"gateway\"} "
                                + (double) NEXT_UPDATE.getEpochSecond(),
                        "staplegate_staple_status{certificate=\"0a1b\",identity=\"gateway\",status=\"good\"} 1.0",
                        "staplegate_staple_status{certificate=\"0a1b\",identity=\"gateway\",status=\"revoked\"} 0.0",
                        "staplegate_staple_status{certificate=\"0a1b\",identity=\"gateway\",status=\"unknown\"} 0.0",
                        "staplegate_staple_status{certificate=\"0a1b\",identity=\"gateway\",status=\"absent\"} 0.0");
    }

    @Test
    void readingsSayWhatAScrapeSays() {
        telemetry.handshakeEnded("mqtts", "TLSv1.3", HandshakeOutcome.OK, Duration.ofMillis(3));
        telemetry.handshakeStapled("mqtts", StapleKind.LEAF);
        telemetry.sessionOpened("mqtts");
        telemetry.connectionRefused("mqtts", Refusal.SOURCE_LIMIT);
        telemetry.responderRequested("ocsp.test:80", "ok", Duration.ofMillis(3));
        telemetry.reloaded(false);

        Readings readings = telemetry.read();

        Readings.Listener listener = readings.listeners().getFirst();
        assertThat(listener.handshakes().get("TLSv1.3")).containsEntry(HandshakeOutcome.OK, 1L);
        assertThat(listener.handshakes().get("TLSv1.2")).containsEntry(HandshakeOutcome.OK, 0L);
        assertThat(listener.staples()).containsEntry(StapleKind.LEAF, 1L).containsEntry(StapleKind.CHAIN, 0L);
        assertThat(listener.sessions()).isEqualTo(1);
        assertThat(listener.connectionsRefused()).isEqualTo(1);
        assertThat(readings.responders().getFirst().requests()).containsEntry("ok", 1L);
        assertThat(readings.reload()).isEqualTo(new Readings.Reload(now, false, now));
        assertThat(readings.clockOffset()).isNull();
    }

    @Test
    void anAbsentStapleHasAStatusButNoTimes() {
        telemetry.staple("gateway", "0a1b", StapleStatus.GOOD, THIS_UPDATE, NEXT_UPDATE);
        telemetry.staple("gateway", "0a1b", StapleStatus.ABSENT, null, null);

        assertThat(seriesOf("staplegate_staple_this_update")).isEmpty();
        assertThat(seriesOf("staplegate_staple_next_update")).isEmpty();
        assertThat(seriesOf("staplegate_staple_status"))
                .hasSize(4)
                .contains("staplegate_staple_status{certificate=\"0a1b\",identity=\"gateway\",status=\"absent\"} 1.0")
                .contains("staplegate_staple_status{certificate=\"0a1b\",identity=\"gateway\",status=\"good\"} 0.0");
    }

    @Test
    void aForgottenCertificateLeavesNoSeriesAndItsNeighbourKeepsIts() {
        telemetry.staple("gateway", "01", StapleStatus.GOOD, THIS_UPDATE, NEXT_UPDATE);
        telemetry.staple("gateway", "02", StapleStatus.GOOD, THIS_UPDATE, NEXT_UPDATE);

        telemetry.stapleForgotten("gateway", "01");

        assertThat(seriesOf("staplegate_staple_")).hasSize(6).allMatch(line -> line.contains("certificate=\"02\""));
    }

    @Test
    void aForgottenIdentityLeavesNoSeries() {
        telemetry.identityKnown("gateway");
        telemetry.identityForgotten("gateway");

        assertThat(scrape()).doesNotContain("gateway");
    }

    @Test
    void aKnownIdentityStartsAtZero() {
        telemetry.identityKnown("gateway");

        assertThat(seriesOf("staplegate_staple_refreshes_total"))
                .containsExactlyInAnyOrder(
                        "staplegate_staple_refreshes_total{identity=\"gateway\",outcome=\"updated\"} 0.0",
                        "staplegate_staple_refreshes_total{identity=\"gateway\",outcome=\"unchanged\"} 0.0",
                        "staplegate_staple_refreshes_total{identity=\"gateway\",outcome=\"failed\"} 0.0");
        assertThat(seriesOf("staplegate_export_failures_total"))
                .containsExactly("staplegate_export_failures_total{identity=\"gateway\"} 0.0");
    }

    @Test
    void aKnownListenerStartsAtZeroWithEveryCombination() {
        telemetry.listenerKnown("mqtts");

        assertThat(seriesOf("staplegate_handshakes_total")).hasSize(4 * 6).allMatch(line -> line.endsWith(" 0.0"));
        assertThat(seriesOf("staplegate_handshake_staples_total")).hasSize(4);
        assertThat(seriesOf("staplegate_connections_refused_total")).hasSize(2);
        assertThat(seriesOf("staplegate_relayed_bytes_total")).hasSize(2);
        assertThat(seriesOf("staplegate_sessions")).containsExactly("staplegate_sessions{listener=\"mqtts\"} 0.0");
        assertThat(seriesOf("staplegate_handshake_duration_seconds_count"))
                .containsExactly("staplegate_handshake_duration_seconds_count{listener=\"mqtts\"} 0");
    }

    @Test
    void handshakesAreCountedByVersionAndOutcome() {
        telemetry.handshakeEnded("mqtts", "TLSv1.3", HandshakeOutcome.OK, Duration.ofMillis(3));
        telemetry.handshakeEnded("mqtts", "TLSv1.2", HandshakeOutcome.RESUMED, Duration.ofMillis(1));
        telemetry.handshakeEnded("mqtts", "unknown", HandshakeOutcome.TIMEOUT, Duration.ofSeconds(10));
        telemetry.handshakeStapled("mqtts", StapleKind.NOT_REQUESTED);

        assertThat(scrape())
                .contains("staplegate_handshakes_total{listener=\"mqtts\",outcome=\"ok\",version=\"TLSv1.3\"} 1.0")
                .contains("staplegate_handshakes_total{listener=\"mqtts\",outcome=\"resumed\",version=\"TLSv1.2\"} 1.0")
                .contains("staplegate_handshakes_total{listener=\"mqtts\",outcome=\"timeout\",version=\"unknown\"} 1.0")
                .contains("staplegate_handshake_staples_total{kind=\"not_requested\",listener=\"mqtts\"} 1.0")
                .contains("staplegate_handshake_duration_seconds_count{listener=\"mqtts\"} 2");
    }

    @Test
    void aVersionThatWeDoNotKnowIsNotALabelOfItsOwn() {
        telemetry.handshakeEnded("tls", "SSLv3 \"}\n", HandshakeOutcome.ALERT_SENT, Duration.ZERO);

        assertThat(scrape())
                .doesNotContain("SSLv3")
                .contains(
                        "staplegate_handshakes_total{listener=\"tls\",outcome=\"alert_sent\",version=\"unknown\"} 1.0");
    }

    @Test
    void sessionsGoUpAndDown() {
        telemetry.sessionOpened("mqtts");
        telemetry.sessionOpened("mqtts");
        telemetry.sessionClosed("mqtts");

        assertThat(scrape()).contains("staplegate_sessions{listener=\"mqtts\"} 1.0");
    }

    @Test
    void anExchangeIsTimedByResponderAndOutcome() {
        telemetry.responderRequested("ocsp.example:80", "ok", Duration.ofMillis(700));
        telemetry.responderRequested("ocsp.example:80", "timeout", Duration.ofSeconds(15));

        String labels = "{outcome=\"ok\",responder=\"ocsp.example:80\"";
        assertThat(scrape())
                .contains("staplegate_responder_requests_seconds_count" + labels + "} 1")
                .contains("staplegate_responder_requests_seconds_sum" + labels + "} 0.7")
                .contains("staplegate_responder_requests_seconds_bucket" + labels + ",le=\"0.25\"} 0")
                .contains("staplegate_responder_requests_seconds_bucket" + labels + ",le=\"1.0\"} 1");
    }

    @Test
    void aRefusedReloadIsShownAndTheTimeOfTheLastGoodOneStays() {
        telemetry.reloaded(true);
        now = now.plusSeconds(60);
        telemetry.reloaded(false);

        assertThat(scrape())
                .contains("staplegate_config_reloads_total{outcome=\"accepted\"} 1.0")
                .contains("staplegate_config_reloads_total{outcome=\"refused\"} 1.0")
                .contains("staplegate_config_last_reload_successful 0.0")
                .contains("staplegate_config_last_reload_success_seconds " + (double) THIS_UPDATE.getEpochSecond());
    }

    @Test
    void labelValuesAreEscaped() {
        telemetry.identityKnown("a\"b\\c\nd");

        assertThat(scrape()).contains("{identity=\"a\\\"b\\\\c\\nd\"} 0.0");
    }

    @Test
    void everyMetricOfOursIsInTheTableAndEveryOneInTheTableIsShown() {
        useEverything();

        assertThat(familiesOf("staplegate_"))
                .isEqualTo(Arrays.stream(Metric.values()).map(Metric::fullName).collect(Collectors.toSet()));
    }

    @Test
    void openMetricsIsAnsweredToWhoAcceptsIt() {
        String prometheus = "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;q=0.6,"
                + "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

        assertThat(telemetry.contentType(prometheus)).startsWith("application/openmetrics-text");
        assertThat(telemetry.contentType("text/html, */*")).startsWith("text/plain; version=0.0.4");
        assertThat(telemetry.contentType(null)).startsWith("text/plain; version=0.0.4");
        assertThat(telemetry.scrape(telemetry.contentType(prometheus))).endsWith("# EOF\n");
        assertThat(telemetry.scrape(telemetry.contentType(null))).doesNotContain("# EOF");
    }

    @Test
    void theProcessIsObserved() {
        telemetry.observeProcess();

        assertThat(scrape())
                .contains("process_start_time_seconds ", "process_files_open_files ", "jvm_memory_used_bytes{");
    }

    @Test
    void anIdentityShowsWhatItSendsAndWhetherItNeedsAStaple() {
        telemetry.identityServed(
                "gateway",
                List.of(new Validity("01", THIS_UPDATE, NEXT_UPDATE), new Validity("02", THIS_UPDATE, NEXT_UPDATE)),
                true);

        assertThat(seriesOf("staplegate_certificate_not_after_seconds")).hasSize(2);
        assertThat(seriesOf("staplegate_certificate_not_before_seconds"))
                .contains("staplegate_certificate_not_before_seconds{certificate=\"01\",identity=\"gateway\"} "
                        + (double) THIS_UPDATE.getEpochSecond());
        assertThat(seriesOf("staplegate_staple_required"))
                .containsExactly("staplegate_staple_required{certificate=\"01\",identity=\"gateway\"} 1.0");

        telemetry.identityServed("gateway", List.of(new Validity("03", THIS_UPDATE, NEXT_UPDATE)), false);

        assertThat(seriesOf("staplegate_certificate_not_after_seconds")).hasSize(1);
        assertThat(seriesOf("staplegate_staple_required"))
                .containsExactly("staplegate_staple_required{certificate=\"03\",identity=\"gateway\"} 0.0");

        telemetry.identityForgotten("gateway");

        assertThat(scrape()).doesNotContain("gateway");
    }

    @Test
    void aStateDirectoryIsWritableWhenAllOfItIs() {
        assertThat(scrape()).contains("staplegate_store_writable 1.0");
        telemetry.storeWritable(false);
        telemetry.storeWritable(false);
        telemetry.storeWritable(true);
        assertThat(scrape()).contains("staplegate_store_writable 0.0");
        telemetry.storeWritable(true);
        assertThat(scrape()).contains("staplegate_store_writable 1.0");
    }

    @Test
    void respondersThatDevicesCertificatesNameCannotMakeSeriesWithoutEnd() {
        for (int i = 0; i < 3 * ResponderMetrics.MOST; i++) {
            telemetry.responderRequested("ocsp-" + i + ".example:80", "ok", Duration.ofMillis(20));
            telemetry.circuitOpen("ocsp-" + i + ".example:80", true);
        }
        telemetry.circuitOpen("ocsp-0.example:80", false);

        assertThat(seriesOf("staplegate_responder_circuit_open"))
                .hasSize(ResponderMetrics.MOST + 1)
                .contains("staplegate_responder_circuit_open{responder=\"ocsp-0.example:80\"} 0.0")
                .contains("staplegate_responder_circuit_open{responder=\"other\"} 1.0");
        assertThat(seriesOf("staplegate_responder_requests_seconds_count")).hasSize(ResponderMetrics.MOST + 1);
    }

    private void useEverything() {
        telemetry.readiness(() -> true);
        telemetry.identityServed("gateway", List.of(new Validity("01", THIS_UPDATE, NEXT_UPDATE)), true);
        telemetry.looked(Rung.UPSTREAM);
        telemetry.circuitOpen("ocsp.example:80", true);
        telemetry.clockOffset(Duration.ofSeconds(3));
        telemetry.mirrorRequested(Telemetry.MirrorOutcome.CACHED);
        telemetry.identityKnown("gateway");
        telemetry.staple("gateway", "01", StapleStatus.REVOKED, THIS_UPDATE, NEXT_UPDATE);
        telemetry.refreshed("gateway", RefreshOutcome.UPDATED);
        telemetry.exportFailed("gateway");
        telemetry.responderRequested("ocsp.example:80", "ok", Duration.ofMillis(20));
        telemetry.storeFailed();
        telemetry.crls().known("crl.example:80/devices.crl", true);
        telemetry.crls().held("crl.example:80/devices.crl", THIS_UPDATE, NEXT_UPDATE, 1, 23);
        telemetry.listenerKnown("mqtts");
        telemetry.connectionRefused("mqtts", Refusal.SOURCE_LIMIT);
        telemetry.relayed("mqtts", true, 100);
        telemetry.cookieSent("mqtts");
        telemetry.handshakePending("mqtts");
        telemetry.addressChanged("mqtts");
        telemetry.datagramDropped("mqtts", DatagramDrop.TOO_LARGE);
        telemetry.backendRefused("broker");
        telemetry.backendFailed("broker");
        telemetry.reloaded(true);
    }

    private List<String> seriesOf(String prefix) {
        return scrape().lines().filter(line -> line.startsWith(prefix)).toList();
    }

    /** Names in the {@code TYPE} lines, but for the {@code _max} that Micrometer adds to a histogram. */
    private Set<String> familiesOf(String prefix) {
        return scrape().lines()
                .filter(line -> line.startsWith("# TYPE " + prefix))
                .map(line -> line.split(" ", 4)[2])
                .filter(name -> !name.endsWith("_max"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String scrape() {
        return telemetry.scrape(telemetry.contentType(null));
    }
}
