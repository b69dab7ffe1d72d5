package io.staplegate.probe;

import io.staplegate.ocsp.Verdict;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a device makes of what a server presented.
 *
 * @param chainFault why the chain is not trusted; null where it is
 * @param staples the verdict on each staple, by position in the chain; null where there is no staple, or where nothing
 *     that is trusted or was sent can have signed it
 */
public record Judgement(@Nullable String chainFault, List<@Nullable Verdict> staples) {
    /** The first thing that is wrong; empty where the chain, and every staple that there is, verifies and is good. */
    public Optional<String> fault() {
        if (chainFault != null) {
            return Optional.of("chain: " + chainFault);
        }
        for (int position = 0; position < staples.size(); position++) {
            Verdict verdict = staples.get(position);
            if (verdict != null && !verdict.reasons().isEmpty()) {
                return Optional.of("staple " + position + ": "
                        + verdict.reasons().getFirst().text());
            }
        }
        return Optional.empty();
    }
}
