package io.staplegate.staple;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The staples of one identity at one moment, one place for each certificate of the chain as sent. Immutable; the same
 * object is handed out until one of its staples changes or ends, so that what is derived from it can be kept beside it.
 *
 * @param staples by position in the chain; null where there is none
 * @param leafRevoked whether the last word about the leaf is that it is revoked
 */
public record ChainStaples(List<@Nullable Staple> staples, boolean leafRevoked) {
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
