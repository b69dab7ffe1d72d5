package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.testing.AlertRule;
import io.staplegate.testing.DashboardQuery;
import io.staplegate.testing.PrometheusServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Debian's Prometheus watches a whole proxy: its dashboard has data, and its alerts fire in turn. */
final class OperationTest {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** Durations in the alerts are divided by this; thresholds that are parts of a validity are as they are. */
    private static final int SHORTENING = 200;

    /** Of the staples in an outage: two hours, shortened. */
    private static final Duration VALIDITY = Duration.ofSeconds(36);

    /** A whole renewal, so that a healthy proxy is seen at each age that its staples reach. */
    private static final Duration HEALTHY = Duration.ofSeconds(24);

    /** But for the alert of failing scrapes: where there are two a second, one that takes long is enough for it. */
    private static final String FIRING = "ALERTS{alertstate=\"firing\", alertname!=\"StaplegateDown\"}";

    @TempDir
    private Path folder;

    @Test
    void everyPanelOfTheDashboardHasData() throws Exception {
        try (OperatedProxy proxy = new OperatedProxy(folder.resolve("proxy"), Duration.ofHours(1));
                PrometheusServer prometheus = PrometheusServer.scraping(
                        folder.resolve("prometheus"), proxy.admin(), INTERVAL, "groups: []\n")) {
            proxy.serveDevices();
            System.gc();
            proxy.stopResponder();
            for (int failures = 0; failures < 3; failures++) {
                proxy.refresh();
            }
            Map<String, String> empty = new TreeMap<>();
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                empty.clear();
                for (DashboardQuery query : DashboardQuery.all()) {
                    if (prometheus.query(query.filledIn("30s")).isEmpty()) {
                        empty.put(query.panel(), query.expression());
                    }
                }
                assertThat(empty).isEmpty();
            });
        }
    }

    @Test
    void alertsFireInTurnWhenTheResponderIsGoneAndNoneWhileItIsThere() throws Exception {
        String rules = shortened(Files.readString(AlertRule.FOLDER.resolve(AlertRule.FILE)));
        try (OperatedProxy proxy = new OperatedProxy(folder.resolve("proxy"), VALIDITY);
                PrometheusServer prometheus =
                        PrometheusServer.scraping(folder.resolve("prometheus"), proxy.admin(), INTERVAL, rules)) {
            Instant healthy = Instant.now().plus(HEALTHY);
            await().pollInterval(INTERVAL).atMost(HEALTHY.multipliedBy(2)).until(() -> {
                proxy.serveDevices();
                return Instant.now().isAfter(healthy);
            });
            assertThat(prometheus.query("last_over_time(" + FIRING + "[2m])")).isEmpty();

            proxy.stopResponder();
            Instant stopped = Instant.now();
            Map<String, Duration> firedAfter = new LinkedHashMap<>();
            Set<String> expected = Set.of(
                    "StaplegateStapleEnds warning",
                    "StaplegateStapleEnds critical",
                    "StaplegateStapleMissing warning", // the intermediate's
                    "StaplegateStapleMissing critical",
                    "StaplegateResponderDown warning",
                    "StaplegateNotReady warning");
            await().pollInterval(INTERVAL).atMost(VALIDITY.multipliedBy(2)).until(() -> {
                firing(prometheus)
                        .forEach(alert -> firedAfter.putIfAbsent(alert, Duration.between(stopped, Instant.now())));
                return firedAfter.keySet().containsAll(expected);
            });
            write(firedAfter);
            assertThat(firedAfter.keySet()).isEqualTo(expected);
        }
    }

    private static Set<String> firing(PrometheusServer prometheus) {
        return prometheus.query(FIRING).stream()
                .map(series -> series.path("metric"))
                .map(labels -> text(labels, "alertname") + " " + text(labels, "severity"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String text(JsonNode labels, String name) {
        return labels.path(name).asString();
    }

    /** Every {@code for} and every window of an expression. */
    private static String shortened(String rules) {
        Pattern duration = Pattern.compile("(for: |\\[)(\\d+)([smhd])\\b");
        return duration.matcher(rules)
                .replaceAll((match) -> Matcher.quoteReplacement(match.group(1)
                        + unit(match.group(3))
                                        .multipliedBy(Long.parseLong(match.group(2)))
                                        .toMillis()
                                / SHORTENING
                        + "ms"));
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }

    /** Keeps as build output which alert fired after how long. */
    private static void write(Map<String, Duration> firedAfter) throws Exception {
        StringBuilder table = new StringBuilder("""
                Staples of %d s, and a responder that is stopped; durations in the alerts divided by %d.

                | alert | fired after | as a part of the validity |
                |---|---|---|
                """.formatted(VALIDITY.toSeconds(), SHORTENING));
        firedAfter.forEach((alert, after) -> table.append("| %s | %.1f s | %.2f |%n"
                .formatted(alert, after.toMillis() / 1e3, after.toMillis() / (double) VALIDITY.toMillis())));
        Path target = Path.of(System.getProperty("staplegate.root"), "proxy", "target");
        Files.writeString(target.resolve("alerts-of-an-outage.md"), table);
        System.out.print(table);
    }
}
