package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds the README's table of metrics against the code. */
final class MetricsTableTest {
    private static final String START =
            "<!-- metrics: the test MetricsTableTest holds this table against the code -->\n";
    private static final String END = "<!-- /metrics -->\n";

    @Test
    void theReadmeHasEveryMetric() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("staplegate.root"), "README.md"));

        assertThat(readme).contains(START + "\n" + MetricTable.markdown() + "\n" + END);
    }

    @Test
    void aNameFollowsPrometheusConventions() {
        for (Metric metric : Metric.values()) {
            assertThat(metric.fullName()).startsWith("staplegate_");
            assertThat(metric.fullName().endsWith("_total")).isEqualTo(metric.type() == Metric.Type.COUNTER);
            assertThat(metric.fullName().endsWith("_info")).isEqualTo(metric.type() == Metric.Type.INFO);
        }
    }
}
