package io.staplegate.loadtest.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The metrics that a proxy shows at a URL, in Prometheus's text. */
public record Metrics(URI url) {
    private static final Pattern LAST_LABEL = Pattern.compile("\"([^\"]*)\"}$");

    /** All series of one metric in one number. */
    public long sum(String metric) throws IOException, InterruptedException {
        return counts(metric).values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The series of one metric: by the value of their last label, as {@code reason}, and summed up where they differ in
     * another; absent where it is 0.
     */
    public Map<String, Long> counts(String metric) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String text = client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .body();
            Map<String, Long> counts = new TreeMap<>();
            text.lines().filter(line -> line.startsWith(metric + "{")).forEach(line -> {
                int space = line.lastIndexOf(' ');
                var label = LAST_LABEL.matcher(line.substring(0, space));
                long value = (long) Double.parseDouble(line.substring(space + 1));
                if (label.find() && value != 0) {
                    counts.merge(label.group(1), value, Long::sum);
                }
            });
            return counts;
        }
    }
}
