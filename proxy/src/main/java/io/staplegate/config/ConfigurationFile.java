package io.staplegate.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a configuration file, and finds everything in it that is wrong without opening what it names. */
public final class ConfigurationFile {
    private ConfigurationFile() {}

    /**
     * What came of reading.
     *
     * @param configuration the best that could be made of the file, also beside errors, so that later stages can look
     *     for more problems: what is wrong is left out, and every reference leads somewhere; null where nothing could
     *     be made
     * @param problems every error and warning, in the order of the file
     */
    public record Reading(@Nullable Configuration configuration, List<Problem> problems) {}

    /**
     * Reads a file: at most 4 MiB of YAML 1.2 in UTF-8. Relative names in it start from its own folder.
     *
     * @param environment what {@code ${NAME}} stands for
     */
    public static Reading read(Path file, Map<String, String> environment) {
        var folder = file.toAbsolutePath().resolveSibling("");
        return switch (TextFile.read(file)) {
            case Parsed.Value(String text) -> read(text, folder, environment);
            case Parsed.Invalid(String message, var hint) ->
                new Reading(null, List.of(Problem.error("", message, hint)));
        };
    }

    private static Reading read(String text, Path folder, Map<String, String> environment) {
        var problems = new Problems();
        try {
            var document = DocumentReader.read(text, environment, problems);
            var configuration = configuration(document.root(), folder, problems);
            return new Reading(configuration, problems.inOrder(document.lines()));
        } catch (MalformedYamlException e) {
            problems.add(e.problem());
            return new Reading(null, problems.inOrder(Map.of()));
        }
    }

    private static @Nullable Configuration configuration(Tree root, Path folder, Problems problems) {
        if (root instanceof Tree.Empty) {
            problems.error("", "the file is empty", "begin with \"identities:\"");
            return null;
        }
        if (!(root instanceof Tree.Mapping mapping)) {
            problems.error("", "the file holds " + root.kind() + ", not keys", "begin with \"identities:\"");
            return null;
        }
        var binder = new Binder(mapping, folder, problems);
        var configuration = binder.configuration();
        var checks = new CrossChecks(binder.values(), problems);
        checks.refuseContradictions();
        if (configuration != null && !problems.anyError()) {
            checks.warnOfIdleParts(configuration);
        }
        return configuration;
    }
}
