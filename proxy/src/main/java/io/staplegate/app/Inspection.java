package io.staplegate.app;

import io.staplegate.config.Configuration;
import io.staplegate.config.ConfigurationFile;
import io.staplegate.config.Problem;
import io.staplegate.identity.AdminAccess;
import io.staplegate.identity.IdentityTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What is found out about a configuration without opening a socket. */
sealed interface Inspection {
    /** Everything that is wrong or doubtful, in the order of the file. */
    List<Problem> problems();

    /** It can be served; the problems are warnings. */
    record Accepted(
            Configuration configuration, IdentityTable identities, AdminAccess adminAccess, List<Problem> problems)
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
        named.accept(files(configuration));
        IdentityTable.Loading loading = IdentityTable.load(configuration, now);
        AdminAccess.Loading admin = AdminAccess.load(configuration.admin(), now);
        List<Problem> found = new ArrayList<>(loading.problems());
        found.addAll(admin.problems());
        found.addAll(OutputFiles.problems(configuration));
        List<Problem> problems = reading.problemsWith(found);
        IdentityTable table = loading.table();
        AdminAccess access = admin.access();
        if (table == null || access == null || problems.stream().anyMatch(Problem::isError)) {
            return new Refused(problems);
        }
        return new Accepted(configuration, table, access, problems);
    }

    /** Every file that a configuration names, and that counts anew when it has changed. */
    static Set<Path> files(Configuration configuration) {
        Set<Path> files = new HashSet<>(IdentityTable.files(configuration));
        files.addAll(AdminAccess.files(configuration.admin()));
        return files;
    }
}
