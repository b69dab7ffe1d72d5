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
     *     for more problems; null where nothing could be made
     * @param problems every error and warning, in the order of the file
     */
    public record Reading(@Nullable Configuration configuration, List<Problem> problems) {}

    /**
     * Reads a file.
     *
     * @param environment what {@code ${NAME}} stands for
     */
    public static Reading read(Path file, Map<String, String> environment) {
        throw new UnsupportedOperationException(file + " " + environment.size());
    }
}
