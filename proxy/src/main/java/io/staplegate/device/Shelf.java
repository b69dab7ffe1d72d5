package io.staplegate.device;

import io.staplegate.device.RevocationLists.RevocationList;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lists that are kept, by the paths and queries of their URLs. Immutable, but for the lists. */
final class Shelf {
    static final Shelf EMPTY = new Shelf(List.of());

    private final List<TrackedList> lists;
    private final Map<Place, List<TrackedList>> byPlace = new HashMap<>();

    /**
     * What of a URL is the same in the request line of whoever asks the mirror.
     *
     * @param path percent-decoded, with a slash first
     * @param query as it is written; empty where there is none
     */
    private record Place(String path, String query) {
        static Place of(URI url) {
            String path = url.getPath();
            return new Place(path.isEmpty() ? "/" : path, Objects.requireNonNullElse(url.getRawQuery(), ""));
        }
    }

    Shelf(Collection<TrackedList> lists) {
        this.lists = List.copyOf(lists);
        for (TrackedList list : lists) {
            byPlace.computeIfAbsent(Place.of(list.url()), _ -> new ArrayList<>())
                    .add(list);
        }
    }

    List<TrackedList> lists() {
        return lists;
    }

    /** The list of this path and query: of this host, where several CAs have the same. */
    @Nullable
    RevocationList find(@Nullable String host, String path, String query, Instant now) {
        List<TrackedList> candidates = byPlace.getOrDefault(new Place(path, query), List.of());
        boolean needsHost =
                candidates.stream().map(TrackedList::issuerId).distinct().count() > 1;
        return candidates.stream()
                .filter(list -> !needsHost || list.url().getHost().equalsIgnoreCase(host))
                .flatMap(list -> Stream.ofNullable(list.listAt(now)))
                .findFirst()
                .orElse(null);
    }
}
