package io.staplegate.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file, and finds everything in it that is wrong without opening what it names. */
public final class ConfigurationFile {
    private ConfigurationFile() {}

    /** What came of reading. */
    public static final class Reading {
        private final @Nullable Configuration configuration;
        private final List<Problem> problems;
        private final Places places;

        private Reading(@Nullable Configuration configuration, Problems problems, Places places) {
            this.configuration = configuration;
            this.problems = places.inOrder(problems.all());
            this.places = places;
        }

        /**
         * The best that could be made of the file, also beside errors, so that later stages can look for more problems:
         * what is wrong is left out, and every reference leads somewhere. Null where nothing could be made.
         */
        public @Nullable Configuration configuration() {
            return configuration;
        }

        /** Every error and warning, in the order of the file. */
        public List<Problem> problems() {
            return problems;
        }

        /**
         * The same, with what later stages found in the configuration.
         *
         * @param later with paths in the configuration, which differ from those in the file where items were left out
         */
        public List<Problem> problemsWith(List<Problem> later) {
            var all = new ArrayList<>(problems);
            for (var problem : later) {
                var path = places.inFile(problem.path());
                all.add(new Problem(problem.severity(), path, problem.message(), problem.hint()));
            }
            return places.inOrder(all);
        }
    }

    /**
     * Reads a file: at most 4 MiB of YAML 1.2 in UTF-8. Relative names in it start from its own folder.
     *
     * @param environment what {@code ${NAME}} stands for
     */
    public static Reading read(Path file, Map<String, String> environment) {
        var problems = new Problems();
        switch (TextFile.read(file)) {
            case Parsed.Value(String text) -> {
                return read(text, file.toAbsolutePath().resolveSibling(""), environment, problems);
            }
            case Parsed.Invalid<String> invalid -> problems.error("", invalid);
        }
        return new Reading(null, problems, new Places(Map.of()));
    }

    private static Reading read(String text, Path folder, Map<String, String> environment, Problems problems) {
        try {
            var document = DocumentReader.read(text, environment, problems);
            var places = new Places(document.lines());
            return new Reading(configuration(document.root(), folder, places, problems), problems, places);
        } catch (MalformedYamlException e) {
            problems.add(e.problem());
            return new Reading(null, problems, new Places(Map.of()));
        }
    }

    private static @Nullable Configuration configuration(Tree root, Path folder, Places places, Problems problems) {
        if (root instanceof Tree.Empty) {
            problems.error("", "the file is empty", "begin with \"identities:\"");
            return null;
        }
        if (!(root instanceof Tree.Mapping mapping)) {
            problems.error("", "the file holds " + root.kind() + ", not keys", "begin with \"identities:\"");
            return null;
        }
        var binder = new Binder(mapping, folder, places, problems);
        var configuration = binder.configuration();
        var checks = new CrossChecks(binder.values(), problems);
        checks.refuseContradictions();
        if (configuration == null) {
            return null;
        }
        var transportChecks = new TransportChecks(configuration, places, problems);
        transportChecks.refuseContradictions();
        if (!problems.anyError()) {
            checks.warnOfIdleParts(configuration);
            transportChecks.warnOfIdleParts();
        }
        return configuration;
    }
}
