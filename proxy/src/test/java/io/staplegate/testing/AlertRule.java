package io.staplegate.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * One of the alerts that are delivered with the proxy.
 *
 * @param waits how long its condition has to hold, as Prometheus writes it
 */
public record AlertRule(
        String name, String severity, String expression, String waits, Map<String, String> annotations) {
    /** Where they are, with their tests. */
    public static final Path FOLDER = Path.of(System.getProperty("staplegate.root"), "deploy", "prometheus");

    public static final String FILE = "alerts.yaml";

    public static List<AlertRule> all() throws IOException {
        return children(read(FILE), "groups")
                .flatMap(group -> children(group, "rules"))
                .filter(rule -> ((Map<?, ?>) rule).containsKey("alert")) // others record what alerts share
                .map(AlertRule::of)
                .toList();
    }

    /** One of the files as maps and lists. */
    public static Object read(String file) throws IOException {
        return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(FOLDER.resolve(file)));
    }

    /** The members of a list in a map; none where there is no such list. */
    public static Stream<Object> children(Object map, String key) {
        return ((Map<?, ?>) map).get(key) instanceof List<?> list
                ? list.stream().map(Object.class::cast)
                : Stream.of();
    }

    public static String text(Object map, String key) {
        return String.valueOf(((Map<?, ?>) map).get(key));
    }

    private static AlertRule of(Object rule) {
        Map<?, ?> map = (Map<?, ?>) rule;
        @SuppressWarnings("unchecked") // promtool has checked it
        Map<String, String> annotations = (Map<String, String>) Objects.requireNonNull(map.get("annotations"));
        return new AlertRule(
                text(rule, "alert"),
                text(Objects.requireNonNull(map.get("labels")), "severity"),
                text(rule, "expr"),
                map.containsKey("for") ? text(rule, "for") : "0s",
                annotations);
    }
}
