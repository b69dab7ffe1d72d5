package io.staplegate.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The problems found so far. Owned by the thread that reads. */
final class Problems {
    private final List<Problem> found = new ArrayList<>();

    void add(Problem problem) {
        found.add(problem);
    }

    void error(String path, String message, @Nullable String hint) {
        found.add(Problem.error(path, message, hint));
    }

    void error(String path, Parsed.Invalid<?> invalid) {
        error(path, invalid.message(), invalid.hint());
    }

    void warning(String path, String message, @Nullable String hint) {
        found.add(Problem.warning(path, message, hint));
    }

    boolean anyError() {
        return found.stream().anyMatch(Problem::isError);
    }

    /**
     * Every problem in the order of the file.
     *
     * @param lines where each key is; a key that is missing counts as being where its parent begins
     */
    List<Problem> inOrder(Map<String, Integer> lines) {
        return found.stream()
                .sorted(Comparator.comparingInt(problem -> line(problem.path(), lines)))
                .toList();
    }

    private static int line(String path, Map<String, Integer> lines) {
        for (var known = path; !known.isEmpty(); known = parent(known)) {
            var line = lines.get(known);
            if (line != null) {
                return line;
            }
        }
        return 0;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
}
