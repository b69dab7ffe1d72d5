package io.staplegate.staple;

import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.identity.Identity;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table of identities wants. Immutable.
 *
 * @param targets by key; those that identities have in common joined
 * @param keys of the targets of each identity, by position; null where no staple is wanted or can be had
 */
record Plan(Map<String, StapleTarget> targets, Map<Identity, List<@Nullable String>> keys) {

    /** {@code upstream}: another Staplegate's mirror; null: there is none. */
    static Plan of(List<Identity> identities, @Nullable URI upstream) {
        Map<String, StapleTarget> targets = new LinkedHashMap<>();
        Map<Identity, List<@Nullable String>> keys = new LinkedHashMap<>();
        for (Identity identity : identities) {
            List<@Nullable String> own = new ArrayList<>();
            for (int position = 0; position < identity.chain().size(); position++) {
                StapleTarget target =
                        isWanted(identity, position) ? StapleTarget.of(identity, position, upstream) : null;
                if (target != null) {
                    targets.merge(target.key(), target, StapleTarget::join);
                }
                own.add(target == null ? null : target.key());
            }
            keys.put(identity, own);
        }
        return new Plan(targets, keys);
    }

    private static boolean isWanted(Identity identity, int position) {
        boolean off = identity.config().stapling() == Stapling.OFF;
        boolean leafOnly = identity.config().statusScope() == StatusScope.LEAF;
        return !off && (position == 0 || !leafOnly);
    }
}
