package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However a file is broken, reading it ends in problems and not in an exception. */
final class MutatedFileTest {
    private static final int MUTANTS = 2000;
    private static final List<String> TOKENS = List.of(
            "\t",
            "\n",
            "  ",
            "- ",
            "-",
            ": ",
            "?",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&a ",
            "*a",
            "!!x ",
            "!",
            "|",
            ">",
            "'",
            "\"",
            "\\x",
            "#",
            "%YAML 9.9\n",
            "%TAG ! x\n",
            "---\n",
            "...\n",
            "<<: ",
            "${",
            "${A:-",
            "$${",
            "\u0000",
            "\u0007",
            "\uFEFF",
            "\u2028",
            "\uD83D\uDE00",
            "0",
            "-1",
            "99999999999999999999",
            "~",
            "unix:",
            "pkcs11:",
            "://",
            "[::]:");

    @TempDir
    private Path folder;

    @Test
    void neverThrows() throws IOException {
        var seeds = seeds();
        var random = new Random(42);
        var file = folder.resolve("mutant.yaml");
        for (int i = 0; i < MUTANTS; i++) {
            var mutant = mutate(seeds.get(random.nextInt(seeds.size())), random);
            Files.write(file, mutant);
            assertThatCode(() -> assertThat(ConfigurationFile.read(file, Map.of("A", "a")).problems().stream()
                                    .map(Problem::render))
                            .allMatch(text -> text.length() < 2000))
                    .describedAs("mutant %d:%n%s", i, new String(mutant, StandardCharsets.UTF_8))
                    .doesNotThrowAnyException();
        }
    }

    private static List<byte[]> seeds() throws IOException {
        var seeds = new ArrayList<byte[]>();
        var root = Path.of(System.getProperty("staplegate.root"));
        for (var source : List.of("config", "proxy/src/test/resources/config/invalid")) {
            try (var files = Files.list(root.resolve(source))) {
                for (var file : files.filter(name -> name.toString().endsWith(".yaml"))
                        .sorted()
                        .toList()) {
                    seeds.add(Files.readAllBytes(file));
                }
            }
        }
        return seeds;
    }

    private static byte[] mutate(byte[] seed, Random random) {
        var bytes = new ArrayList<Byte>();
        for (byte value : seed) {
            bytes.add(value);
        }
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.size() + 1);
            switch (random.nextInt(4)) {
                case 0 ->
                    insert(bytes, at, TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8));
                case 1 ->
                    bytes.subList(at, Math.min(bytes.size(), at + random.nextInt(20)))
                            .clear();
                case 2 -> insert(bytes, at, new byte[] {(byte) random.nextInt(256)});
                default -> insert(bytes, at, copy(bytes, random));
            }
        }
        return toArray(bytes);
    }

    private static void insert(List<Byte> bytes, int at, byte[] inserted) {
        for (int i = 0; i < inserted.length; i++) {
            bytes.add(at + i, inserted[i]);
        }
    }

    private static byte[] copy(List<Byte> bytes, Random random) {
        int from = random.nextInt(bytes.size() + 1);
        return toArray(bytes.subList(from, Math.min(bytes.size(), from + random.nextInt(80))));
    }

    private static byte[] toArray(List<Byte> bytes) {
        var array = new byte[bytes.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = bytes.get(i);
        }
        return array;
    }
}
