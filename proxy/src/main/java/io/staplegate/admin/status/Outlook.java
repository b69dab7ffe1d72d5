package io.staplegate.admin.status;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.staplegate.fetch.ResponderView;
import io.staplegate.fetch.ResponderView.Circuit;
import io.staplegate.staple.StapleView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything is wrong, and what.
 *
 * @param level the worst of all
 * @param reasons worst first; empty where all is good
 */
record Outlook(Level level, List<Reason> reasons) {
    /** A clock that is off by less makes no difference to a staple. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    /**
     * One thing that is wrong.
     *
     * @param text for people: lower case, no full stop
     * @param section the id of the part of the page that tells more
     */
    record Reason(Level level, String text, String section) {}

    static Outlook of(Snapshot snapshot, List<CertificateState> certificates) {
        List<Reason> reasons = new ArrayList<>();
        reasons.addAll(ofCertificates(certificates, snapshot.now()));
        boolean explained = reasons.stream().anyMatch(reason -> reason.level == Level.TROUBLE);
        if (!snapshot.ready() && !explained) {
            reasons.add(new Reason(Level.TROUBLE, "not ready: devices are not served yet", "certificates"));
        }
        reasons.addAll(ofResponders(snapshot.responders()));
        reasons.addAll(ofLists(snapshot));
        reasons.addAll(ofProxy(snapshot));
        reasons.sort(Comparator.comparing(Reason::level).reversed());
        Level least = certificates.stream().anyMatch(state -> state.level() == Level.GOOD) ? Level.GOOD : Level.IDLE;
        return new Outlook(reasons.isEmpty() ? least : reasons.getFirst().level, List.copyOf(reasons));
    }

    private static List<Reason> ofCertificates(List<CertificateState> certificates, Instant now) {
        Map<Condition, Long> counts = certificates.stream()
                .collect(groupingBy(CertificateState::condition, () -> new EnumMap<>(Condition.class), counting()));
        List<Reason> reasons = new ArrayList<>();
        counts.forEach((condition, count) -> {
            if (condition.level().compareTo(Level.ATTENTION) >= 0) {
                List<StapleView> staples = certificates.stream()
                        .filter(state -> state.condition() == condition)
                        .map(CertificateState::staple)
                        .toList();
                String which = names(
                        staples.stream().map(StapleView::identity).distinct().toList());
                String text = condition.sentence(count) + ": " + which + until(condition, staples, now);
                reasons.add(new Reason(condition.level(), text, "certificates"));
            }
        });
        return reasons;
    }

    /** How long devices notice nothing yet: what an operator who is woken wants to know. */
    private static String until(Condition condition, List<StapleView> staples, Instant now) {
        if (condition != Condition.AGING && condition != Condition.ENDING) {
            return "";
        }
        return staples.stream()
                .map(StapleView::nextUpdate)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .map(end -> "; the first ends " + Words.in(now, end))
                .orElse("");
    }

    private static Stream<String> down(List<ResponderView> responders) {
        return responders.stream()
                .filter(responder -> responder.circuit() != Circuit.CLOSED)
                .map(ResponderView::hostPort);
    }

    private static List<Reason> ofResponders(List<ResponderView> responders) {
        long number = down(responders).count();
        return number == 0
                ? List.of()
                : List.of(new Reason(
                        Level.ATTENTION,
                        Words.count(number, "responder") + (number == 1 ? " is" : " are") + " down: "
                                + names(down(responders).toList()),
                        "responders"));
    }

    private static List<Reason> ofLists(Snapshot snapshot) {
        List<String> ended = snapshot.readings().lists().stream()
                .filter(list -> hasEnded(list.nextUpdate(), snapshot.now()))
                .filter(list -> list.nextUpdate() != null || list.failures() > 0)
                .map(list -> list.name())
                .toList();
        return ended.isEmpty()
                ? List.of()
                : List.of(new Reason(
                        Level.ATTENTION,
                        Words.count(ended.size(), "revocation list")
                                + (ended.size() == 1 ? " has ended or is" : " have ended or are") + " missing: "
                                + names(ended),
                        "devices"));
    }

    private static boolean hasEnded(@Nullable Instant end, Instant now) {
        return end == null || !now.isBefore(end);
    }

    private static List<Reason> ofProxy(Snapshot snapshot) {
        List<Reason> reasons = new ArrayList<>();
        Duration offset = snapshot.readings().clockOffset();
        if (offset != null && offset.abs().compareTo(CLOCK_TOLERANCE) > 0) {
            reasons.add(new Reason(
                    Level.ATTENTION,
                    "the system's clock is " + Words.span(offset) + (offset.isNegative() ? " ahead" : " behind"),
                    "proxy"));
        }
        if (!snapshot.readings().reload().accepted()) {
            reasons.add(new Reason(
                    Level.ATTENTION, "the last reload was refused; what was in force before it stays", "proxy"));
        }
        return reasons;
    }

    /** A few of them. */
    private static String names(List<String> all) {
        String few = String.join(", ", all.stream().limit(2).map(Name::isolated).toList());
        return all.size() > 2 ? few + " and " + Words.number(all.size() - 2L) + " more" : few;
    }
}
