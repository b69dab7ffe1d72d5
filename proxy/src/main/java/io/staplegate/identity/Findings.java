package io.staplegate.identity;

import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with one entry of the configuration, collected while it is read. Owned by the thread that reads it. */
final class Findings {
    private final String entry;
    private final List<Problem> problems = new ArrayList<>();

    /** Findings about an entry, for example {@code identities[1]}. */
    Findings(String entry) {
        this.entry = entry;
    }

    void error(String key, String message, @Nullable String hint) {
        problems.add(Problem.error(entry + "." + key, message, hint));
    }

    void warning(String key, String message, @Nullable String hint) {
        problems.add(Problem.warning(entry + "." + key, message, hint));
    }

    boolean hasError() {
        return problems.stream().anyMatch(Problem::isError);
    }

    boolean hasError(String key) {
        return problems.stream()
                .anyMatch(problem -> problem.isError() && problem.path().equals(entry + "." + key));
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** A certificate as messages name it, for example {@code certificate 2 ("CN=Example CA")}. */
    static String describe(List<X509Certificate> certificates, int position) {
        String subject = certificates.get(position).getSubjectX500Principal().getName();
        return "certificate " + (position + 1) + " (" + Problem.quoted(subject) + ")";
    }

    static String quote(FileReference file) {
        return Problem.quoted(file.written());
    }
}
