package io.staplegate.admin;

import io.staplegate.config.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a reload.
 *
 * @param reloaded whether what the files say is in force now; else what was in force stays
 * @param problems every error and warning, in the order of the file
 */
public record ReloadReport(boolean reloaded, List<Finding> problems) {
    /**
     * A {@link Problem}.
     *
     * @param path the key that it is about; empty for the file as a whole
     * @param error whether the files are refused because of it
     */
    public record Finding(
            String path, String message, @Nullable String hint, boolean error) {
        static Finding of(Problem problem) {
            return new Finding(problem.path(), problem.message(), problem.hint(), problem.isError());
        }

        public Problem problem() {
            return error ? Problem.error(path, message, hint) : Problem.warning(path, message, hint);
        }
    }

    public static ReloadReport of(boolean reloaded, List<Problem> problems) {
        return new ReloadReport(reloaded, problems.stream().map(Finding::of).toList());
    }
}
