package io.staplegate.ocsp;

import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.ParsedResponse.Basic;
import io.staplegate.ocsp.ParsedResponse.Revocation;
import io.staplegate.ocsp.ParsedResponse.Single;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All that a response says of one certificate. It may name it twice, by SHA-1 and by SHA-256 (R12). Which entry a
 * device looks at is not known: should they differ, the worst status and the tightest times count.
 */
record Statement(List<Single> entries, Set<CertIdHash> hashes) {
    /** {@code names}: the certificate's CertIDs, one for each hash. */
    static Statement about(List<CertId> names, Basic response) {
        List<Single> entries = new ArrayList<>();
        Set<CertIdHash> hashes = EnumSet.noneOf(CertIdHash.class);
        for (CertId name : names) {
            for (Single entry : response.singles()) {
                if (name.isSameAs(entry.certId())) {
                    entries.add(entry);
                    hashes.add(name.hash());
                }
            }
        }
        return new Statement(List.copyOf(entries), Set.copyOf(hashes));
    }

    Status status() {
        return Stream.of(Status.REVOKED, Status.UNKNOWN)
                .filter(status -> entries.stream().anyMatch(entry -> entry.status() == status))
                .findFirst()
                .orElse(Status.GOOD);
    }

    Optional<Revocation> revocation() {
        return entries.stream()
                .flatMap(entry -> Stream.ofNullable(entry.revocation()))
                .findFirst();
    }

    Optional<Instant> thisUpdate() {
        return entries.stream().map(Single::thisUpdate).min(Comparator.naturalOrder());
    }

    Optional<Instant> nextUpdate() {
        return entries.stream()
                .flatMap(entry -> Stream.ofNullable(entry.nextUpdate()))
                .min(Comparator.naturalOrder());
    }
}
