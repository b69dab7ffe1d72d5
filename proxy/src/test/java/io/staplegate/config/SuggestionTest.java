package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SuggestionTest {
    private static final List<String> KEYS = List.of("bind", "backend", "handshakeTimeout", "idleTimeout", "sha256");

    @ParameterizedTest
    @CsvSource({
        "bnd,bind",
        "Backend,backend",
        "back-end,backend",
        "handshake_timeout,handshakeTimeout",
        "idletimeout,idleTimeout",
        "SHA-256,sha256"
    })
    void findsTheWordThatIsMeant(String written, String meant) {
        assertThat(Suggestion.of(written, KEYS)).hasValue("did you mean \"" + meant + "\"?");
    }

    @Test
    void doesNotGuessWildly() {
        assertThat(Suggestion.of("colour", KEYS)).isEmpty();
        assertThat(Suggestion.of("", KEYS)).isEmpty();
    }

    @Test
    void listsWhatThereIs() {
        var many = IntStream.range(0, 30).mapToObj(i -> "name" + i).toList();
        assertThat(Suggestion.hint("colour", List.of("a", "b"), "backends")).isEqualTo("known backends: a, b");
        assertThat(Suggestion.hint("colour", List.of(), "backends")).isEqualTo("there are no backends");
        assertThat(Suggestion.hint("colour", many, "backends")).endsWith("name19, …");
    }
}
