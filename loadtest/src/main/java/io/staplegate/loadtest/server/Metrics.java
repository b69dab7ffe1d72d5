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
    private static final String LAST_LABEL = "\"([^\"]*)\"}$";

    /** All series of one metric in one number. */
    public long sum(String metric) throws IOException, InterruptedException {
        return counts(metric).values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The series of one metric: by the value of their last label, as {@code reason}, and summed up where they differ in
     * another; absent where it is 0.
     */
    public Map<String, Long> counts(String metric) throws IOException, InterruptedException {
        return counts(metric, Pattern.compile(LAST_LABEL));
    }

    /** The same by the value of another label. */
    public Map<String, Long> counts(String metric, String label) throws IOException, InterruptedException {
        return counts(metric, Pattern.compile("[{,]" + label + "=\"([^\"]*)\""));
    }

    private Map<String, Long> counts(String metric, Pattern label) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            String text = client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                    .body();
            Map<String, Long> counts = new TreeMap<>();
            text.lines().filter(line -> line.startsWith(metric + "{")).forEach(line -> {
                int space = line.lastIndexOf(' ');
                var value = label.matcher(line.substring(0, space));
                long count = (long) Double.parseDouble(line.substring(space + 1));
                if (value.find() && count != 0) {
                    counts.merge(value.group(1), count, Long::sum);
                }
            });
            return counts;
        }
    }
}
