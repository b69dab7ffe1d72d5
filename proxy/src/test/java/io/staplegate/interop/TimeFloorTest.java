package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.ExternalProgram.Outcome;
import io.staplegate.testing.RunningProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients of {@code deploy/examples}, on devices whose clocks say 1970: what a staple tells them of the time. */
class TimeFloorTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("staplegate.root"), "deploy", "examples");
    private static final Duration VALIDITY = Duration.ofHours(12);

    @TempDir
    static Path folder;

    @TempDir
    static Path workshop;

    private static StapledServer server;
    private static Instant begun;

    @TempDir
    private Path device;

    @BeforeAll
    static void buildAndStart() throws Exception {
        begun = Instant.now().minusSeconds(1);
        build("openssl", "-lssl", "-lcrypto");
        build("wolfssl", "-lwolfssl");
        server = StapledServer.in(folder, VALIDITY).start().loseResponder();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "wolfssl"})
    void theFirstContactSetsTheFloorToWhatWasSigned(String library) throws Exception {
        assertThat(connect(library, server).exit()).isZero();
        assertThat(floor()).isBetween(begun, Instant.now());

        Instant first = floor();
        assertThat(connect(library, server).output()).contains("it is at least " + first);
        assertThat(floor()).isEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "wolfssl"})
    void theFloorNeverGoesBack(String library) throws Exception {
        Instant later = setFloor(Instant.now().plus(Duration.ofHours(1)));

        assertThat(connect(library, server).exit()).isZero();
        assertThat(floor()).isEqualTo(later);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "wolfssl"})
    void aStapleThatEndedBeforeTheFloorIsRefused(String library) throws Exception {
        setFloor(Instant.now().plus(VALIDITY).plusSeconds(60));

        assertRefused(connect(library, server));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "wolfssl"})
    void aCertificateThatEndedBeforeTheFloorIsRefused(String library) throws Exception {
        setFloor(server.pki().server().getNotAfter().toInstant().plusSeconds(60));

        assertRefused(connect(library, server));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "wolfssl"})
    void nobodyWithoutOurRootTellsTheTime(String library, @TempDir Path elsewhere) throws Exception {
        try (StapledServer other = StapledServer.in(elsewhere, VALIDITY)) {
            assertRefused(connect(library, server, other.ca()));
            assertThat(device.resolve("floor")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "wolfssl"})
    void withoutAStapleThereIsNoConnection(String library, @TempDir Path elsewhere) throws Exception {
        try (StapledServer bare =
                StapledServer.in(elsewhere, VALIDITY).loseResponder().start()) {
            assertRefused(connect(library, bare));
            assertThat(device.resolve("floor")).doesNotExist();
        }
    }

    private static void build(String library, String... linked) throws Exception {
        List<Object> line = new ArrayList<>(List.of("-std=c11", "-Wall", "-Wextra", "-Werror", "-o", client(library)));
        line.add(EXAMPLES.resolve(library + "-client.c"));
        line.addAll(List.of(linked));
        Outcome outcome = ExternalProgram.named("gcc").run(line.toArray());
        if (outcome.output().matches("(?s).*(No such file or directory|cannot find -l).*")) {
            throw ExternalProgram.missing("no headers or no library of " + library + ": " + outcome.output());
        }
        assertThat(outcome.exit()).as(outcome.output()).isZero();
    }

    private static Path client(String library) {
        return workshop.resolve(library + "-client");
    }

    private Outcome connect(String library, StapledServer to) throws Exception {
        return connect(library, to, to.ca());
    }

    private Outcome connect(String library, StapledServer to, String ca) throws Exception {
        try (RunningProgram running =
                Year1970.start(client(library), "localhost", to.port(), ca, device.resolve("floor"))) {
            return running.finish();
        }
    }

    private static void assertRefused(Outcome outcome) {
        assertThat(outcome.output()).contains("refused: ").doesNotContain("connected");
        assertThat(outcome.exit()).isEqualTo(1);
    }

    private Instant setFloor(Instant to) throws Exception {
        Files.writeString(device.resolve("floor"), to.getEpochSecond() + "\n");
        return floor();
    }

    private Instant floor() throws Exception {
        return Instant.ofEpochSecond(
                Long.parseLong(Files.readString(device.resolve("floor")).strip()));
    }
}
