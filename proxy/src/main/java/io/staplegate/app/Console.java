package io.staplegate.app;

import io.staplegate.config.Problem;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * The voice of the command line.
 *
 * @param out standard output: results, for scripts
 * @param err standard error: everything else, for people
 */
public record Console(PrintStream out, PrintStream err) {
    public void print(String line) {
        out.println(line);
        out.flush();
    }

    public void note(String line) {
        err.println(line);
    }

    public void error(String message, @Nullable String hint) {
        say("error", message, hint);
    }

    void problem(Problem problem) {
        String subject = problem.path().isEmpty() ? "" : problem.path() + ": ";
        say(problem.isError() ? "error" : "warning", subject + problem.message(), problem.hint());
    }

    private void say(String kind, String message, @Nullable String hint) {
        err.println(kind + ": " + message);
        if (hint != null) {
            err.println("hint: " + hint);
        }
    }
}
