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

/** What is found out about a configuration without opening a socket. */
sealed interface Inspection {
    /** Everything that is wrong or doubtful, in the order of the stages that found it. */
    List<Problem> problems();

    /** It can be served; the problems are warnings. */
    record Accepted(Configuration configuration, IdentityTable identities, List<Problem> problems)
            implements Inspection {}

    /** At least one problem is an error. */
    record Refused(List<Problem> problems) implements Inspection {}

    /**
     * Reads a configuration file and every certificate and key that it names.
     *
     * @param environment what {@code ${NAME}} stands for
     */
    static Inspection of(Path file, Map<String, String> environment, Instant now) {
        ConfigurationFile.Reading reading = ConfigurationFile.read(file, environment);
        List<Problem> problems = new ArrayList<>(reading.problems());
        Configuration configuration = reading.configuration();
        if (configuration == null) {
            return new Refused(List.copyOf(problems));
        }
        IdentityTable.Loading loading = IdentityTable.load(configuration, now);
        problems.addAll(loading.problems());
        IdentityTable table = loading.table();
        if (table == null || problems.stream().anyMatch(Problem::isError)) {
            return new Refused(List.copyOf(problems));
        }
        return new Accepted(configuration, table, List.copyOf(problems));
    }
}
