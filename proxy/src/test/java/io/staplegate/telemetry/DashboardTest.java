package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.DashboardQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What Grafana demands of a dashboard, as far as a file shows it; OperationTest runs its expressions. */
final class DashboardTest {
    private static final int COLUMNS = 24;

    @Test
    void itHasWhatGrafanaNeedsToImportIt() throws IOException {
        JsonNode dashboard = DashboardQuery.dashboard();

        assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(38); // Grafana 10
        assertThat(dashboard.path("uid").asString()).isEqualTo("staplegate");
        assertThat(dashboard.path("title").asString()).isEqualTo("Staplegate");
        assertThat(dashboard.path("templating").path("list").values())
                .extracting(variable -> variable.path("name").asString())
                .containsExactly("datasource", "instance", "listener");
    }

    @Test
    void itsRowsAreInTheOrderInWhichOneLooks() throws IOException {
        assertThat(DashboardQuery.dashboard().path("panels").values().stream()
                        .filter(panel -> panel.path("type").asString().equals("row"))
                        .map(panel -> panel.path("title").asString()))
                .containsExactly("At a glance", "Staples", "Responders", "Handshakes", "Devices", "Resources");
    }

    @Test
    void eachPanelSaysWhatIsNormalAndHasAUnitThresholdsAndTheDataSourceThatIsChosen() throws IOException {
        for (JsonNode panel : graphs()) {
            String title = panel.path("title").asString();
            JsonNode defaults = panel.path("fieldConfig").path("defaults");
            assertThat(panel.path("description").asString()).as(title).isNotBlank();
            assertThat(defaults.path("unit").asString()).as(title).isNotBlank();
            assertThat(defaults.path("thresholds").path("steps").size())
                    .as(title)
                    .isPositive();
            assertThat(defaults.path("thresholds")
                            .path("steps")
                            .path(0)
                            .path("value")
                            .isNull())
                    .as(title)
                    .isTrue();
            assertThat(panel.path("datasource").path("uid").asString())
                    .as(title)
                    .isEqualTo("${datasource}");
            assertThat(panel.path("targets").values())
                    .as(title)
                    .isNotEmpty()
                    .allMatch(target ->
                            target.path("datasource").path("uid").asString().equals("${datasource}"));
        }
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() throws IOException {
        Set<Integer> ids = new HashSet<>();
        Set<List<Integer>> taken = new HashSet<>();
        for (JsonNode panel : DashboardQuery.dashboard().path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            assertThat(right).isLessThanOrEqualTo(COLUMNS);
            for (int x = place.path("x").asInt(); x < right; x++) {
                int y = place.path("y").asInt();
                for (int down = 0; down < place.path("h").asInt(); down++) {
                    assertThat(taken.add(List.of(x, y + down)))
                            .as(panel.path("title").asString())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void expressionsAreAboutMetricsThatExist() throws IOException {
        Set<String> metrics = Arrays.stream(Metric.values())
                .flatMap(metric -> metric.type() == Metric.Type.HISTOGRAM
                        ? Stream.of("", "_bucket", "_count", "_sum", "_max").map(end -> metric.fullName() + end)
                        : Stream.of(metric.fullName()))
                .collect(Collectors.toSet());
        for (DashboardQuery query : DashboardQuery.all()) {
            assertThat(Pattern.compile("staplegate_\\w+")
                            .matcher(query.expression())
                            .results()
                            .map(MatchResult::group))
                    .as(query.panel())
                    .isSubsetOf(metrics);
        }
    }

    private static List<JsonNode> graphs() throws IOException {
        List<JsonNode> graphs = new ArrayList<>();
        for (JsonNode panel : DashboardQuery.dashboard().path("panels")) {
            if (!panel.path("type").asString().equals("row")) {
                graphs.add(panel);
            }
        }
        return graphs;
    }
}
