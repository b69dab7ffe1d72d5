package io.staplegate.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/** The CAs whose revocation lists are taken: a bounded number, each by its name and key. Safe for use by any thread. */
final class ListSigners {
    private static final int MOST = 1_000;

    /** A CA that is rolling its key over has two. */
    private static final int MOST_OF_A_NAME = 8;

    private final Cache<X500Principal, List<X509Certificate>> byName =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** Takes the lists of a CA from now on. Returns whether it is a new one. */
    boolean add(X509Certificate authority) {
        X500Principal name = authority.getSubjectX500Principal();
        if (isAmong(named(name), authority)) {
            return false;
        }
        AtomicBoolean added = new AtomicBoolean();
        byName.asMap().compute(name, (_, before) -> {
            List<X509Certificate> known = Objects.requireNonNullElse(before, List.of());
            added.set(!isAmong(known, authority));
            return added.get()
                    ? Stream.concat(Stream.of(authority), known.stream())
                            .limit(MOST_OF_A_NAME)
                            .toList()
                    : known;
        });
        return added.get();
    }

    /** Those of a name, the newest first. */
    List<X509Certificate> named(X500Principal name) {
        return Objects.requireNonNullElse(byName.getIfPresent(name), List.of());
    }

    /** Whether two certificates are of the same CA with the same key. */
    static boolean areSame(X509Certificate one, X509Certificate other) {
        return one.getSubjectX500Principal().equals(other.getSubjectX500Principal())
                && one.getPublicKey().equals(other.getPublicKey());
    }

    private static boolean isAmong(List<X509Certificate> known, X509Certificate authority) {
        return known.stream().anyMatch(one -> areSame(one, authority));
    }
}
