package io.staplegate.identity;

import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The operator's own list of certificates and devices that are kept out, whatever their CA says. Immutable. */
public final class DenyList {
    /** Keeps nobody out. */
    public static final DenyList NONE = new DenyList(Set.of(), Set.of(), Set.of());

    private final Set<Numbered> numbers;
    private final Set<Fingerprint> fingerprints;
    private final Set<String> names;

    /** What a CA tells its certificates apart by. */
    record Numbered(BigInteger serial, X500Principal issuer) {}

    /**
     * What came of reading a file.
     *
     * @param list null where there is any error
     * @param problems with the numbers of their lines
     */
    public record Reading(@Nullable DenyList list, List<Problem> problems) {}

    DenyList(Set<Numbered> numbers, Set<Fingerprint> fingerprints, Set<String> names) {
        this.numbers = Set.copyOf(numbers);
        this.fingerprints = Set.copyOf(fingerprints);
        this.names = Set.copyOf(names);
    }

    /** Reads {@code devices.denyList}: of lines as {@link DenyLines} takes them. One without any is fine. */
    public static Reading read(FileReference file) {
        Findings findings = new Findings("devices");
        String text = TextFile.readEvenEmpty(file, "denyList", findings, TextFile.MOST_OF_KEYS);
        DenyLines lines = new DenyLines(file, findings);
        if (text != null) {
            text.lines().forEach(lines::add);
        }
        DenyList list = lines.list();
        return new Reading(findings.hasError() ? null : list, findings.problems());
    }

    /** Whether a certificate is on it. {@code forms}: as {@link CertificateForms} has them. */
    public boolean hasCertificate(List<Fingerprint> forms, BigInteger serial, X500Principal issuer) {
        return forms.stream().anyMatch(fingerprints::contains)
                || (!numbers.isEmpty() && numbers.contains(new Numbered(serial, issuer)));
    }

    /** Whether what a device is called by is on it. */
    public boolean hasName(@Nullable String name) {
        return name != null && names.contains(name);
    }

    /** How many lines it has, each counted once. */
    public int size() {
        return numbers.size() + fingerprints.size() + names.size();
    }
}
