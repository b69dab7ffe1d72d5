package io.staplegate.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProblemTest {
    @Test
    void isOneLineAndAHint() {
        assertThat(Problem.error("a.b", "is wrong", "write c").render())
                .isEqualTo("error: a.b: is wrong\nhint: write c");
        assertThat(Problem.warning("", "the file is odd", null).render()).isEqualTo("warning: the file is odd");
    }

    @Test
    void quotesNothingThatMovesTheCursor() {
        assertThat(Problem.quoted("a\u001b[2J\r\nb\u202e\u0000"))
                .isEqualTo("\"a\\u{1b}[2J\\u{d}\\u{a}b\\u{202e}\\u{0}\"");
        assertThat(Problem.quoted("zähler 🔒")).isEqualTo("\"zähler 🔒\"");
    }

    @Test
    void cutsLongQuotes() {
        assertThat(Problem.quoted("x".repeat(201))).isEqualTo("\"" + "x".repeat(200) + "…\"");
        assertThat(Problem.quoted("x".repeat(200))).isEqualTo("\"" + "x".repeat(200) + "\"");
    }
}
