package io.staplegate.identity;

import io.staplegate.config.Problem;
import io.staplegate.identity.Identity.KeyType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds server names that several identities of one listener claim with the same type of key. */
final class NameClaims {
    private NameClaims() {}

    private record Claim(String name, KeyType type) {}

    private record Rivals(Identity first, Identity second) {}

    /** One error for each pair of identities that claim the same names. */
    static List<Problem> conflicts(String path, List<Identity> identities) {
        Map<Claim, Identity> claims = new HashMap<>();
        Map<Rivals, List<String>> contested = new LinkedHashMap<>();
        for (Identity identity : identities) {
            for (String name : identity.serverNames()) {
                Identity holder = claims.putIfAbsent(new Claim(name, identity.keyType()), identity);
                if (holder != null) {
                    contested
                            .computeIfAbsent(new Rivals(holder, identity), r -> new ArrayList<>())
                            .add(name);
                }
            }
        }
        List<Problem> problems = new ArrayList<>();
        contested.forEach((rivals, names) -> problems.add(conflict(path, rivals, names)));
        return problems;
    }

    private static Problem conflict(String path, Rivals rivals, List<String> names) {
        String more = names.size() == 1 ? "" : " and " + (names.size() - 1) + " more";
        return Problem.error(
                path,
                Problem.quoted(rivals.first.name()) + " and " + Problem.quoted(rivals.second.name()) + " both claim "
                        + Problem.quoted(names.getFirst()) + more + " with " + rivals.first.keyType() + " keys",
                "leave one out; only identities with different types of keys can share a name");
    }
}
