package io.staplegate.device;

import io.staplegate.device.RevocationLists.RevocationList;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lists that are kept, by the paths of their URLs. Immutable, but for the lists. */
final class Shelf {
    static final Shelf EMPTY = new Shelf(List.of());

    private final List<TrackedList> lists;
    private final Map<String, List<TrackedList>> byPath = new HashMap<>();

    Shelf(Collection<TrackedList> lists) {
        this.lists = List.copyOf(lists);
        for (TrackedList list : lists) {
            byPath.computeIfAbsent(path(list), _ -> new ArrayList<>()).add(list);
        }
    }

    List<TrackedList> lists() {
        return lists;
    }

    /** The list of this path: of this host, where several CAs have the same path. */
    @Nullable
    RevocationList find(@Nullable String host, String path, Instant now) {
        List<TrackedList> candidates = byPath.getOrDefault(path, List.of());
        boolean needsHost =
                candidates.stream().map(TrackedList::issuerId).distinct().count() > 1;
        return candidates.stream()
                .filter(list -> !needsHost || list.url().getHost().equalsIgnoreCase(host))
                .flatMap(list -> Stream.ofNullable(list.listAt(now)))
                .findFirst()
                .orElse(null);
    }

    private static String path(TrackedList list) {
        String path = list.url().getPath();
        return path.isEmpty() ? "/" : path;
    }
}
