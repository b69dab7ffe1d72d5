package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.AlertRule;
import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts that are delivered with the proxy, by Prometheus's own tool, and what is written about them. */
final class AlertRulesTest {
    private static final String TESTS = "alerts.test.yaml";
    private static final Set<String> BANDS = Set.of("warning", "critical");

    @Test
    void eachAlertFiresWhenItShouldAndNotBefore() throws Exception {
        ExternalProgram promtool = ExternalProgram.named("promtool").in(AlertRule.FOLDER);

        ExternalProgram.Outcome syntax = promtool.run("check", "rules", AlertRule.FILE);
        assertThat(syntax.exit()).as(syntax.output()).isZero();
        ExternalProgram.Outcome scraping = promtool.run("check", "config", "--syntax-only", "scrape.yaml");
        assertThat(scraping.exit()).as(scraping.output()).isZero();
        ExternalProgram.Outcome tests = promtool.run("test", "rules", TESTS);
        assertThat(tests.exit()).as(tests.output()).isZero();
    }

    @Test
    void eachAlertHasTwoBands() throws IOException {
        Map<String, Set<String>> bands = AlertRule.all().stream()
                .collect(Collectors.groupingBy(
                        AlertRule::name,
                        TreeMap::new,
                        Collectors.mapping(AlertRule::severity, Collectors.toCollection(TreeSet::new))));
        assertThat(bands)
                .isNotEmpty()
                .allSatisfy((name, both) -> assertThat(both).isEqualTo(BANDS));
    }

    @Test
    void eachBandIsSeenToFireAndEachAlertNotTo() throws IOException {
        Map<String, Set<String>> fired = new TreeMap<>();
        Set<String> silent = new TreeSet<>();
        AlertRule.children(AlertRule.read(TESTS), "tests")
                .flatMap(test -> AlertRule.children(test, "promql_expr_test"))
                .filter(check -> !AlertRule.text(check, "expr").startsWith("count by (alertname)"))
                .forEach(check -> {
                    String alert = find("alertname=\"(\\w+)\"", AlertRule.text(check, "expr"))
                            .findFirst()
                            .orElseThrow();
                    List<String> bands = AlertRule.children(check, "exp_samples")
                            .map(sample -> AlertRule.text(sample, "labels"))
                            .flatMap(labels -> find("severity=\"(\\w+)\"", labels))
                            .toList();
                    fired.computeIfAbsent(alert, _ -> new TreeSet<>()).addAll(bands);
                    if (bands.isEmpty()) {
                        silent.add(alert);
                    }
                });

        Set<String> alerts = names();
        assertThat(fired.keySet()).isEqualTo(alerts);
        assertThat(fired.values()).allMatch(BANDS::equals);
        assertThat(silent).isEqualTo(alerts);
    }

    @Test
    void eachAlertHasASectionOfTheRunbookAndEachSectionAnAlert() throws IOException {
        String runbook = Files.readString(Path.of(System.getProperty("staplegate.root"), "deploy", "RUNBOOK.md"));
        assertThat(find("(?m)^## (.*)$", runbook)).containsExactlyInAnyOrderElementsOf(names());
        for (String section : runbook.split("(?m)^## ", -1)) {
            if (section.startsWith("Staplegate")) {
                assertThat(section).contains("**Means.**", "**Devices see**", "**Look.**", "**Do.**", "**Wake**");
            }
        }
        assertThat(AlertRule.all())
                .allSatisfy(rule -> assertThat(rule.annotations())
                        .containsKeys("summary", "description")
                        .hasEntrySatisfying(
                                "runbook",
                                line -> assertThat(line)
                                        .matches("First, .{20,}\\. RUNBOOK\\.md, section " + rule.name())));
    }

    @Test
    void alertsAndTheRunbookAreAboutMetricsThatExist() throws IOException {
        List<String> metrics =
                Arrays.stream(Metric.values()).map(Metric::fullName).toList();
        String root = System.getProperty("staplegate.root");
        for (String file : List.of("prometheus/" + AlertRule.FILE, "prometheus/" + TESTS, "RUNBOOK.md")) {
            assertThat(find("(staplegate_\\w+)", Files.readString(Path.of(root, "deploy", file))))
                    .as(file)
                    .isNotEmpty()
                    .isSubsetOf(metrics);
        }
    }

    private static Set<String> names() throws IOException {
        return AlertRule.all().stream().map(AlertRule::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> find(String pattern, String text) {
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
