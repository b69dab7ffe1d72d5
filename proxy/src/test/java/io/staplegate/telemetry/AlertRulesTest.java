package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The alerts that are delivered with the proxy, by Prometheus's own tool. */
final class AlertRulesTest {
    private static final Path FOLDER = Path.of(System.getProperty("staplegate.root"), "deploy", "prometheus");
    private static final String RULES = "staplegate.rules.yaml";
    private static final String TESTS = "staplegate.rules.test.yaml";

    @Test
    void eachAlertFiresWhenItShouldAndNotBefore() throws Exception {
        ExternalProgram promtool = ExternalProgram.named("promtool").in(FOLDER);

        ExternalProgram.Outcome syntax = promtool.run("check", "rules", RULES);
        assertThat(syntax.exit()).as(syntax.output()).isZero();
        ExternalProgram.Outcome tests = promtool.run("test", "rules", TESTS);
        assertThat(tests.exit()).as(tests.output()).isZero();
    }

    @Test
    void eachAlertHasATest() throws IOException {
        List<String> tested = find("alertname: (\\w+)", TESTS).distinct().toList();
        assertThat(find("alert: (\\w+)", RULES)).isNotEmpty().containsExactlyInAnyOrderElementsOf(tested);
    }

    @Test
    void alertsAreAboutMetricsThatExist() throws IOException {
        List<String> metrics =
                Arrays.stream(Metric.values()).map(Metric::fullName).toList();
        assertThat(find("(staplegate_\\w+)", RULES)).isNotEmpty().isSubsetOf(metrics);
        assertThat(find("(staplegate_\\w+)", TESTS)).isNotEmpty().isSubsetOf(metrics);
    }

    private static Stream<String> find(String pattern, String file) throws IOException {
        String text = Files.readString(FOLDER.resolve(file));
        return Pattern.compile(pattern).matcher(text).results().map((MatchResult match) -> match.group(1));
    }
}
