package io.staplegate.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One expression of the dashboard that is delivered with the proxy.
 *
 * @param panel its title
 */
public record DashboardQuery(String panel, String expression) {
    /** The whole dashboard. */
    public static JsonNode dashboard() throws IOException {
        Path file = Path.of(System.getProperty("staplegate.root"), "deploy", "grafana", "staplegate.json");
        return JsonMapper.builder().build().readTree(Files.readString(file));
    }

    public static List<DashboardQuery> all() throws IOException {
        List<DashboardQuery> all = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                all.add(new DashboardQuery(
                        panel.path("title").asString(), target.path("expr").asString()));
            }
        }
        return all;
    }

    /** With its variables filled in as Grafana does where all is selected. */
    public String filledIn(String window) {
        return expression.replace("$instance", ".*").replace("$listener", ".*").replace("$__rate_interval", window);
    }
}
