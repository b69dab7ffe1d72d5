package io.staplegate.loadtest.wire;

import java.util.ArrayList;
import java.util.List;

/** Weights for people: two rows for each handshake, the proxy's and then OpenSSL's. */
public final class WireTable {
    private static final List<String> HEAD = List.of(
            "handshake",
            "client",
            "suite",
            "server",
            "datagrams",
            "to server",
            "to device",
            "bytes",
            "of minimum",
            "of s_server");

    private WireTable() {}

    /** Aligned lines. {@code weights}: in pairs. */
    public static List<String> lines(List<Weight> weights) {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        for (int pair = 0; pair + 1 < weights.size(); pair += 2) {
            Weight proxy = weights.get(pair);
            Weight openssl = weights.get(pair + 1);
            rows.add(row(proxy, Weight.ratio(proxy.bytes(), openssl.bytes())));
            rows.add(row(openssl, ""));
        }
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static List<String> row(Weight weight, String ofOpenssl) {
        List<String> cells = new ArrayList<>(weight.cells());
        cells.add(ofOpenssl);
        return cells;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            line.append(row.get(column))
                    .repeat(' ', widths[column] - row.get(column).length() + 2);
        }
        return line.toString().stripTrailing();
    }
}
