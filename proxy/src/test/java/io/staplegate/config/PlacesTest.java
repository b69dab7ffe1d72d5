package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlacesTest {
    private final Places places = new Places(Map.of(
            "", new Document.Lines(1, 9),
            "listeners", new Document.Lines(2, 8),
            "listeners[0]", new Document.Lines(2, 4),
            "listeners[0].name", new Document.Lines(2, 2),
            "listeners[0].bind", new Document.Lines(4, 4),
            "listeners[1]", new Document.Lines(5, 8)));

    @Test
    void countsTheItemsThatWereLeftOut() {
        places.keep("listeners", List.of(1, 3));
        places.keep("listeners[3].identities", List.of(2));
        assertThat(places.inFile("listeners[0].bind")).isEqualTo("listeners[1].bind");
        assertThat(places.inFile("listeners[1].identities[0]")).isEqualTo("listeners[3].identities[2]");
        assertThat(places.inFile("identities[5].key")).isEqualTo("identities[5].key");
        assertThat(places.inFile("")).isEmpty();
    }

    @Test
    void putsWhatIsMissingAtTheEndOfItsParent() {
        var problems = List.of(
                Problem.error("admin.bind", "", null),
                Problem.error("listeners[1].name", "", null),
                Problem.error("listeners[0].backend", "", null),
                Problem.error("listeners[0].bind", "", null),
                Problem.error("listeners[0].name", "", null));
        assertThat(places.inOrder(problems))
                .extracting(Problem::path)
                .containsExactly(
                        "listeners[0].name",
                        "listeners[0].backend",
                        "listeners[0].bind",
                        "listeners[1].name",
                        "admin.bind");
    }
}
