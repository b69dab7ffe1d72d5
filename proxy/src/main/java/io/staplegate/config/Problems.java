package io.staplegate.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The problems found so far. Owned by the thread that reads. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void add(Problem problem) {
        found.add(problem);
    }

    void error(String path, String message, @Nullable String hint) {
        add(Problem.error(path, message, hint));
    }

    void error(String path, Parsed.Invalid<?> invalid) {
        error(path, invalid.message(), invalid.hint());
    }

    void warning(String path, String message, @Nullable String hint) {
        add(Problem.warning(path, message, hint));
    }

    boolean anyError() {
        return found.stream().anyMatch(Problem::isError);
    }

    /** Whether the value at a path is wrong. */
    boolean anyErrorAt(String path) {
        return found.stream()
                .anyMatch(problem -> problem.isError() && problem.path().equals(path));
    }

    List<Problem> all() {
        return List.copyOf(found);
    }
}
