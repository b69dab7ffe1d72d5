package io.staplegate.app;

import io.staplegate.config.Configuration;
import io.staplegate.config.FileReference;
import io.staplegate.config.KeySource;
import io.staplegate.config.Problem;
import io.staplegate.config.SocketAddress;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of a configuration that a running proxy cannot change: all but who it and its devices are, and its log. */
final class FrozenKeys {
    private static final Pattern RELOADABLE =
            Pattern.compile("log.*|identities.*|listeners\\[\\d+]\\.(identities.*|strictSni|dtls\\.psk"
                    + "|clientAuth\\.(mode|trustAnchors|intermediates|identity))");

    private FrozenKeys() {}

    /** An error for each frozen key that another configuration has otherwise; none: it can be swapped in. */
    static List<Problem> changed(Configuration running, Configuration other) {
        List<String> paths = new ArrayList<>();
        compare("", running, other, paths);
        return paths.stream()
                .filter(path -> !RELOADABLE.matcher(path).matches())
                .map(path -> Problem.error(path, "changed, which needs a restart", null))
                .toList();
    }

    private static void compare(String path, @Nullable Object running, @Nullable Object other, List<String> paths) {
        if (Objects.equals(running, other) || sameButForThePicked(running, other)) {
            return;
        }
        if (running instanceof Record record && other instanceof Record same && isSection(record)) {
            String prefix = path.isEmpty() ? "" : path + ".";
            for (RecordComponent key : record.getClass().getRecordComponents()) {
                compare(prefix + key.getName(), value(key, record), value(key, same), paths);
            }
        } else if (running instanceof List<?> list && other instanceof List<?> rest && list.size() == rest.size()) {
            for (int i = 0; i < list.size(); i++) {
                compare(path + "[" + i + "]", list.get(i), rest.get(i), paths);
            }
        } else {
            paths.add(path);
        }
    }

    /** Port 0 picked a free port; a file that names that port, as the demo's does, asks for nothing else. */
    private static boolean sameButForThePicked(@Nullable Object running, @Nullable Object other) {
        return running instanceof SocketAddress.HostPort(String host, int port)
                && port == 0
                && other instanceof SocketAddress.HostPort(String otherHost, int _)
                && host.equals(otherHost);
    }

    private static boolean isSection(Record record) {
        return !(record instanceof FileReference || record instanceof SocketAddress || record instanceof KeySource);
    }

    private static @Nullable Object value(RecordComponent key, Record record) {
        try {
            return key.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + key, e);
        }
    }
}
