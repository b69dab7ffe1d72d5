package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files in {@code config/} are right, complete, and as short as they claim. */
final class SamplesTest {
    private static final Path SAMPLES = Path.of(System.getProperty("staplegate.root"), "config");
    private static final Pattern KEY_IN_COMMENT = Pattern.compile("(?m)^( *)# ( *)(?=(?:- )?(\\w+):( |$))");

    @Test
    void theCompleteFileShowsTheDefaults() {
        var complete = ConfigurationFile.read(SAMPLES.resolve("staplegate.yaml"), Map.of());
        var minimal = ConfigurationFile.read(SAMPLES.resolve("minimal.yaml"), Map.of());
        assertThat(complete.problems()).isEmpty();
        assertThat(minimal.problems()).isEmpty();
        assertThat(complete.configuration()).isNotNull().isEqualTo(minimal.configuration());
    }

    @Test
    void theCompleteFileHasEveryKey() throws Exception {
        assertThat(keys(uncommented()))
                .containsExactlyInAnyOrderElementsOf(Keys.all().map(Keys::path).toList());
    }

    @Test
    void theCompleteFileHasEveryDefaultOutsideComments() throws Exception {
        var text = Files.readString(SAMPLES.resolve("staplegate.yaml"));
        var withDefault = Keys.all()
                .filter(entry -> entry.key().standard() != null)
                .map(Keys::path)
                .filter(path -> !path.matches("(listeners\\[]\\.(clientAuth|dtls)|mirror)\\..*"));
        assertThat(keys(text)).containsAll(withDefault.toList());
    }

    @Test
    void whatTheCompleteFileOnlyMentionsIsWrittenCorrectly(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("uncommented.yaml"), uncommented());
        assertThat(ConfigurationFile.read(file, Map.of()).problems())
                .filteredOn(Problem::isError)
                .isEmpty();
    }

    /** The complete file with every key that it has in a comment. */
    private static String uncommented() throws IOException {
        var known = Keys.all().map(entry -> entry.key().name()).collect(Collectors.toSet());
        return KEY_IN_COMMENT
                .matcher(Files.readString(SAMPLES.resolve("staplegate.yaml")))
                .replaceAll(line -> known.contains(line.group(3)) ? "$1$2" : "$0");
    }

    private static Set<String> keys(String text) throws MalformedYamlException {
        return DocumentReader.read(text, Map.of(), new Problems()).lines().keySet().stream()
                .filter(path -> path.matches(".*\\w"))
                .map(path -> path.replaceAll("\\[\\d+]", "[]"))
                .collect(Collectors.toSet());
    }
}
