package io.staplegate.admin.status;

import static java.util.Comparator.comparing;

import io.staplegate.staple.StapleView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** One certificate, and what is to be said of it. */
record CertificateState(StapleView staple, Condition condition) {
    /** The worst first, then by name. */
    private static final Comparator<CertificateState> ORDER = comparing(CertificateState::level)
            .reversed()
            .thenComparing(state -> state.staple.identity())
            .thenComparingInt(state -> state.staple.position());

    /** All of them in the order in which they are shown. */
    static List<CertificateState> of(List<StapleView> staples, Instant now) {
        return staples.stream()
                .map(staple -> new CertificateState(staple, Condition.of(staple, now)))
                .sorted(ORDER)
                .toList();
    }

    Level level() {
        return condition.level();
    }

    /** Names its row from one page to the next; made of nothing that a page could stumble over. */
    String id() {
        String key = staple.position() + " " + staple.certificate() + " " + staple.identity();
        return "c-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
    }
}
