package io.staplegate.app;

import static java.util.stream.Collectors.joining;

import io.staplegate.app.MutualDevice.Protocol;
import io.staplegate.config.ClientAuthConfig.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The matrix of devices as text: a Markdown table, a row a condition, or several where the protocols differ. */
final class DeviceMatrixTable {
    private static final String HEAD = """
            What becomes of a device by its condition and the policy of its listener (`clientAuth.revocation.policy`):
            in, which is to say that its bytes come back from the backend; or out, by which fatal alert, and without any
            connection (over DTLS: any datagram) to the backend. Then the metric that counts it, and the label of the
            series: checks, `staplegate_device_checks_total` by `outcome`, behind a finished handshake; or paths,
            `staplegate_device_paths_refused_total` by `reason`, where the handshake was ended.

            | device | over | off | soft | hard |
            |---|---|---|---|---|
            """;

    private DeviceMatrixTable() {}

    /** One place in it. */
    record Cell(DeviceCondition condition, Protocol protocol, Policy policy) {}

    static String of(Map<Cell, DeviceVerdict> verdicts) {
        return Stream.of(DeviceCondition.values())
                .flatMap(condition -> rows(condition, verdicts))
                .collect(joining("\n", HEAD, "\n"));
    }

    private static Stream<String> rows(DeviceCondition condition, Map<Cell, DeviceVerdict> verdicts) {
        Map<List<String>, String> protocols = new LinkedHashMap<>();
        for (Protocol protocol : Protocol.values()) {
            List<String> fates = Stream.of(Policy.values())
                    .map(policy -> verdicts.get(new Cell(condition, protocol, policy)))
                    .map(verdict -> verdict == null ? "" : verdict.text())
                    .toList();
            protocols.merge(fates, protocol.title(), (one, other) -> one + ", " + other);
        }
        return protocols.entrySet().stream()
                .map(row -> Stream.concat(
                                Stream.of(condition.title(), protocols.size() == 1 ? "all" : row.getValue()),
                                row.getKey().stream())
                        .collect(joining(" | ", "| ", " |")));
    }
}
