package io.staplegate.identity;

import io.staplegate.identity.Identity.KeyType;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which identities answer to which server name, on one listener. Immutable.
 *
 * <p>Names are compared without regard to case, as A-labels, and without a trailing dot. A wildcard stands for exactly
 * one label (RFC 9525 §6.3). Only DNS names count: a literal address is no server name (RFC 6066 §3) and matches
 * nothing.
 */
public final class ServerNames {
    /** Of a DNS name, in octets (RFC 1035 §2.3.4): A-labels are never shorter than what they stand for. */
    private static final int MAX_LENGTH = 255;

    private final Map<String, List<Identity>> exact;
    private final Map<String, List<Identity>> byParent;
    private final List<Identity> fallback;
    private final boolean anyKeyInToken;

    private ServerNames(
            Map<String, List<Identity>> exact,
            Map<String, List<Identity>> byParent,
            List<Identity> fallback,
            boolean anyKeyInToken) {
        this.exact = exact;
        this.byParent = byParent;
        this.fallback = fallback;
        this.anyKeyInToken = anyKeyInToken;
    }

    /**
     * The names of some identities. Where two of one key type claim a name, the first has it.
     *
     * @param strict refuse a handshake without a matching name, rather than fall back to the first identity
     */
    public static ServerNames of(List<Identity> identities, boolean strict) {
        Map<String, Map<KeyType, Identity>> exact = new HashMap<>();
        Map<String, Map<KeyType, Identity>> byParent = new HashMap<>();
        for (Identity identity : identities) {
            for (String name : identity.serverNames()) {
                boolean wildcard = name.startsWith("*.");
                add(identity, wildcard ? byParent : exact, wildcard ? name.substring(1) : name);
            }
        }
        // An exact name with an RSA key alone is also served by the EC key of a wildcard, to devices that prefer that.
        exact.forEach((name, answering) ->
                byParent.getOrDefault(parent(name), Map.of()).forEach(answering::putIfAbsent));
        return new ServerNames(
                frozen(exact),
                frozen(byParent),
                strict ? List.of() : fallback(identities),
                identities.stream().anyMatch(Identity::keyInToken));
    }

    /** Whether any of the keys may block when it is used. */
    public boolean anyKeyInToken() {
        return anyKeyInToken;
    }

    /**
     * The identities that answer to a name, most preferred first (EC before RSA), one of each key type; empty: refuse
     * the handshake with {@code unrecognized_name}.
     *
     * @param name as the device sent it; null where it sent none
     */
    public List<Identity> matching(@Nullable String name) {
        if (name == null || name.length() > MAX_LENGTH) {
            return fallback;
        }
        String host = canonical(name);
        List<Identity> found = exact.get(host);
        if (found == null) {
            found = byParent.get(parent(host));
        }
        return found == null ? fallback : found;
    }

    /** The form in which names are compared. What is no DNS name at all stays as it is, and matches nothing. */
    static String canonical(String name) {
        String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(host)) {
            try {
                host = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
            } catch (IllegalArgumentException e) {
                return name;
            }
        }
        return host.toLowerCase(Locale.ROOT);
    }

    /** Everything from the first dot on; empty where there is no label before it. */
    private static String parent(String host) {
        int dot = host.indexOf('.');
        return dot <= 0 ? "" : host.substring(dot);
    }

    /** The first identity, and those that share a name with it and have another type of key. */
    private static List<Identity> fallback(List<Identity> identities) {
        Map<KeyType, Identity> fallback = new EnumMap<>(KeyType.class);
        for (Identity identity : identities) {
            if (identity == identities.getFirst() || shareName(identity, identities.getFirst())) {
                fallback.putIfAbsent(identity.keyType(), identity);
            }
        }
        return List.copyOf(fallback.values());
    }

    private static boolean shareName(Identity one, Identity other) {
        return !Collections.disjoint(one.serverNames(), other.serverNames());
    }

    private static void add(Identity identity, Map<String, Map<KeyType, Identity>> names, String name) {
        names.computeIfAbsent(name, n -> new EnumMap<>(KeyType.class)).putIfAbsent(identity.keyType(), identity);
    }

    private static Map<String, List<Identity>> frozen(Map<String, Map<KeyType, Identity>> names) {
        Map<String, List<Identity>> frozen = HashMap.newHashMap(names.size());
        names.forEach((name, answering) -> frozen.put(name, List.copyOf(answering.values())));
        return frozen;
    }
}
