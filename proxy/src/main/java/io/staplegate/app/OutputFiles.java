package io.staplegate.app;

import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the proxy writes beside its exports, as far as that can be judged without writing. */
final class OutputFiles {
    private OutputFiles() {}

    /** An error for each place that cannot be written to. */
    static List<Problem> problems(Configuration configuration) {
        List<Problem> problems = new ArrayList<>();
        Path state = configuration.state().directory();
        if (Files.exists(state) && !Files.isDirectory(state)) {
            problems.add(Problem.error("state.directory", "is a file, not a directory", "name a folder of its own"));
        }
        FileReference log = configuration.accessLog().file();
        if (log != null && configuration.accessLog().format() != AccessLogConfig.Format.OFF) {
            addProblem(problems, log);
        }
        return problems;
    }

    private static void addProblem(List<Problem> problems, FileReference log) {
        String key = "accessLog.file";
        String name = Problem.quoted(log.written());
        Path folder = log.path().toAbsolutePath().getParent();
        if (Files.isDirectory(log.path())) {
            problems.add(Problem.error(key, name + " is a directory", "name a file in it"));
        } else if (folder == null || !Files.isDirectory(folder)) {
            problems.add(Problem.error(key, "the folder of " + name + " does not exist", "create the folder"));
        } else if (!Files.isWritable(Files.exists(log.path()) ? log.path() : folder)) {
            String hint = "let the user that runs Staplegate write to it";
            problems.add(Problem.error(key, name + " cannot be written to", hint));
        }
    }
}
