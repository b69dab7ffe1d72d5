package io.staplegate.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a running proxy's {@code /metrics} says at one moment. */
record Metrics(List<String> lines) {
    static Metrics of(int adminPort) {
        try (InputStream in =
                URI.create("http://127.0.0.1:" + adminPort + "/metrics").toURL().openStream()) {
            return new Metrics(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The sum of a metric's series that have all of these labels, each as {@code name="value"}. */
    double sum(String name, List<String> labels) {
        return lines.stream()
                .filter(line -> line.startsWith(name + "{") && labels.stream().allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
