package io.staplegate.app;

import io.staplegate.app.AdminClient.Dated;
import io.staplegate.device.DeviceView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The devices that a running proxy knows, for people: those that are kept out first, then by name.
 *
 * @param time of the view, by the proxy's clock
 */
record DeviceTable(List<DeviceView> devices, Instant time) {
    private static final List<String> HEADINGS =
            List.of("NAME", "STATUS", "BY", "ENDS IN", "SESSIONS", "SEEN", "CERTIFICATE", "ISSUER");
    private static final Set<String> OUT = Set.of("revoked", "denied");
    private static final Comparator<DeviceView> ORDER = Comparator.comparing(DeviceTable::isOut)
            .reversed()
            .thenComparing(device -> Objects.requireNonNullElse(device.name(), ""))
            .thenComparing(DeviceView::serial);

    /** {@code view}: JSON, as the admin endpoint answers. */
    static DeviceTable parse(Dated<String> view) throws CommandFailure {
        Dated<List<DeviceView>> rows = AdminClient.rows(view, DeviceView[].class, "no view of devices");
        return new DeviceTable(rows.content(), rows.time());
    }

    /** Those that are kept out: revoked, or on the deny list. */
    DeviceTable revoked() {
        return new DeviceTable(devices.stream().filter(DeviceTable::isOut).toList(), time);
    }

    List<String> lines() {
        List<List<String>> rows = new ArrayList<>(List.of(HEADINGS));
        devices.stream().sorted(ORDER).forEach(device -> rows.add(row(device)));
        return Table.lines(rows);
    }

    String json() {
        return JsonMapper.shared().writeValueAsString(devices);
    }

    private static boolean isOut(DeviceView device) {
        return OUT.contains(device.status());
    }

    private List<String> row(DeviceView device) {
        return List.of(
                Objects.requireNonNullElse(device.name(), "-"),
                device.status(),
                Objects.requireNonNullElse(device.source(), "-"),
                span(time, device.until()),
                String.valueOf(device.sessions()),
                device.sessions() > 0 ? "now" : span(device.lastSeen(), time) + " ago",
                device.serial(),
                device.issuer());
    }

    private static String span(Instant from, @Nullable Instant to) {
        return to == null ? "-" : Table.roughly(Duration.between(from, to));
    }
}
