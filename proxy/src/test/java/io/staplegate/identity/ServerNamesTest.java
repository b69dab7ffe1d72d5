package io.staplegate.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerNamesTest {
    private static final KeyPair EC = Authority.newKeys("EC");
    private static final KeyPair RSA = Authority.newKeys("RSA");
    private static final Pki PKI = new Pki(Path.of("unused"));

    private final Identity first = identity("first", EC, "a.example", "b.example");
    private final Identity wild = identity("wild", EC, "*.example.com");
    private final Identity firstRsa = identity("firstRsa", RSA, "a.example");

    @Test
    void anExactNameIsAnswered() {
        ServerNames names = ServerNames.of(List.of(wild, first), true);

        assertThat(names.matching("a.example")).containsExactly(first);
        assertThat(names.matching("b.example")).containsExactly(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A.Example", "a.example.", "A.EXAMPLE."})
    void caseAndATrailingDotDoNotMatter(String name) {
        assertThat(ServerNames.of(List.of(first), true).matching(name)).containsExactly(first);
    }

    @Test
    void aWildcardStandsForExactlyOneLabel() {
        ServerNames names = ServerNames.of(List.of(wild), true);

        assertThat(names.matching("meter.example.com")).containsExactly(wild);
        assertThat(names.matching("a.meter.example.com")).isEmpty();
        assertThat(names.matching("example.com")).isEmpty();
        assertThat(names.matching(".example.com")).isEmpty();
    }

    @Test
    void internationalNamesAreComparedAsALabels() {
        Identity international = identity("international", EC, "xn--mller-kva.example");

        ServerNames names = ServerNames.of(List.of(international), true);

        assertThat(names.matching("xn--mller-kva.example")).containsExactly(international);
        assertThat(names.matching("Müller.example")).containsExactly(international);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "192.0.2.1",
                "2001:db8::1",
                "[2001:db8::1]",
                "a..example",
                "\0",
                "ü\uD800",
                "*",
                "*.",
                "*.a.example"
            })
    void whatIsNoMatchingNameFallsBackOrIsRefused(String name) {
        assertThat(ServerNames.of(List.of(first, wild), false).matching(name)).containsExactly(first);
        assertThat(ServerNames.of(List.of(first, wild), true).matching(name)).isEmpty();
    }

    @Test
    void aNameOfTheLargestSizeIsHarmless() {
        assertThat(ServerNames.of(List.of(first), true).matching("ü.".repeat(32_000)))
                .isEmpty();
    }

    @Test
    void addressesAmongTheAlternativeNamesAreNoServerNames() {
        Identity address = identity("address", EC, "192.0.2.1");

        assertThat(ServerNames.of(List.of(address), true).matching("192.0.2.1")).isEmpty();
    }

    @Test
    void noNameFallsBackToTheFirstIdentityUnlessStrict() {
        assertThat(ServerNames.of(List.of(wild, first), false).matching(null)).containsExactly(wild);
        assertThat(ServerNames.of(List.of(wild, first), true).matching(null)).isEmpty();
    }

    @Test
    void identitiesWithDifferentKeysShareANameEcFirst() {
        ServerNames names = ServerNames.of(List.of(firstRsa, wild, first), false);

        assertThat(names.matching("a.example")).containsExactly(first, firstRsa);
        assertThat(names.matching("b.example")).containsExactly(first);
        assertThat(names.matching("unknown.example"))
                .as("the first identity, and who shares its name")
                .containsExactly(first, firstRsa);
    }

    @Test
    void anExactNameComesBeforeAWildcardWithTheSameTypeOfKey() {
        Identity exact = identity("exact", EC, "meter.example.com");

        assertThat(ServerNames.of(List.of(wild, exact), true).matching("meter.example.com"))
                .containsExactly(exact);
    }

    @Test
    void aWildcardWithAnotherTypeOfKeyAlsoAnswersToAnExactName() {
        Identity exactRsa = identity("exactRsa", RSA, "meter.example.com");

        assertThat(ServerNames.of(List.of(exactRsa, wild), true).matching("meter.example.com"))
                .containsExactly(wild, exactRsa);
    }

    @Test
    void conflictsAreFoundByNameAndTypeOfKey() {
        Identity rival = identity("rival", EC, "B.example", "a.example", "c.example");

        List<String> messages = new ArrayList<>();
        NameClaims.conflicts("listeners[0].identities", List.of(first, firstRsa, wild, rival))
                .forEach(problem -> messages.add(problem.message()));

        assertThat(messages)
                .containsExactly("\"first\" and \"rival\" both claim \"b.example\" and 1 more with EC keys");
    }

    private static Identity identity(String name, KeyPair keys, String... names) {
        return new Identity(
                PKI.config(name, "unused", "unused"),
                List.of(PKI.issue(Pki.server(names), keys), PKI.intermediate.certificate()),
                List.of(PKI.root.certificate()),
                keys.getPrivate(),
                false);
    }
}
