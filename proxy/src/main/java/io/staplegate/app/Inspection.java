package io.staplegate.app;

import io.staplegate.config.Configuration;
import io.staplegate.config.ConfigurationFile;
import io.staplegate.config.Problem;
import io.staplegate.identity.IdentityTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What is found out about a configuration without opening a socket. */
sealed interface Inspection {
    /** Everything that is wrong or doubtful, in the order of the file. */
    List<Problem> problems();

    /** It can be served; the problems are warnings. */
    record Accepted(Configuration configuration, IdentityTable identities, List<Problem> problems)
            implements Inspection {}

    /** At least one problem is an error. */
    record Refused(List<Problem> problems) implements Inspection {}

    /** Reads a configuration file and everything that it names. */
    static Inspection of(Path file, Map<String, String> environment, Instant now) {
        return of(file, environment, now, _ -> {});
    }

    /**
     * Reads a configuration file and everything that it names.
     *
     * @param environment what {@code ${NAME}} stands for
     * @param named told the files that the configuration names, before any of them is read
     */
    static Inspection of(Path file, Map<String, String> environment, Instant now, Consumer<Set<Path>> named) {
        ConfigurationFile.Reading reading = ConfigurationFile.read(file, environment);
        Configuration configuration = reading.configuration();
        if (configuration == null) {
            return new Refused(reading.problems());
        }
        named.accept(IdentityTable.files(configuration));
        IdentityTable.Loading loading = IdentityTable.load(configuration, now);
        List<Problem> found = new ArrayList<>(loading.problems());
        found.addAll(OutputFiles.problems(configuration));
        List<Problem> problems = reading.problemsWith(found);
        IdentityTable table = loading.table();
        if (table == null || problems.stream().anyMatch(Problem::isError)) {
            return new Refused(problems);
        }
        return new Accepted(configuration, table, problems);
    }
}
