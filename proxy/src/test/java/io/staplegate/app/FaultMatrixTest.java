package io.staplegate.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.app.FaultCourse.Moment;
import io.staplegate.app.FaultCourse.Stapled;
import io.staplegate.app.FaultCourse.Start;
import io.staplegate.app.FaultCourse.Visit;
import io.staplegate.app.FaultTable.Row;
import io.staplegate.demo.TcpBackend;
import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.LogLines;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every fault that a responder can have, met by a proxy that starts for the first time, by one that runs, and by one
 * that starts again: what is stapled, counted and logged. What is expected stands in {@code fault-matrix.md} among the
 * resources; what was found is printed, and written to {@code target/fault-matrix.md}.
 */
class FaultMatrixTest {
    private static final int AT_A_TIME = 12;

    private static final List<Row> ROWS = new ArrayList<>();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void play() throws Exception {
        try (TcpBackend backend = TcpBackend.start(0);
                LogLines log = new LogLines("io.staplegate");
                ExecutorService players = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<FaultCourse>> playing = new ArrayList<>();
            for (Fault fault : Fault.values()) {
                for (Start start : Start.values()) {
                    Path own = folder(fault, start);
                    playing.add(players.submit(() -> FaultTrial.play(fault, start, own, backend.address(), log)));
                }
            }
            Iterator<Future<FaultCourse>> played = playing.iterator();
            for (Fault fault : Fault.values()) {
                ROWS.add(new Row(
                        fault,
                        played.next().get(),
                        played.next().get(),
                        played.next().get()));
            }
        }
    }

    @AfterAll
    static void print() throws IOException {
        String table = FaultTable.of(ROWS);
        System.out.println(table);
        Files.writeString(Path.of("target", "fault-matrix.md"), table);
    }

    @Test
    void theTableIsAsExpected() throws IOException {
        try (InputStream expected = FaultMatrixTest.class.getResourceAsStream("/fault-matrix.md")) {
            String text = new String(Objects.requireNonNull(expected).readAllBytes(), UTF_8);
            assertThat(FaultTable.of(ROWS)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsStapledThatVerifyOrAStrictDeviceWouldRefuse(Fault fault) {
        for (Stapled stapled : staples(fault)) {
            assertThat(stapled.judged()).isIn("good", fault == Fault.REVOKED ? "revoked" : "good");
            assertThat(stapled.verified()).isEqualTo(stapled.judged());
        }
    }

    /** OpenSSL reads the clock of the machine, and the fault is now. */
    @ParameterizedTest
    @EnumSource
    void opensslAgrees(Fault fault) throws Exception {
        for (Start start : Start.values()) {
            Path own = folder(fault, start);
            for (Stapled stapled : visit(fault, start, Moment.IN_FAULT).staples()) {
                Files.write(own.resolve("staple.der"), stapled.staple());
                Files.write(own.resolve("issuer.der"), stapled.issuer().getEncoded());
                Files.write(own.resolve("subject.der"), stapled.certificate().getEncoded());
                String hash = fault == Fault.BY_SHA256 ? "-sha256" : "-sha1";
                String command = hash + " -respin staple.der -issuer issuer.der -cert subject.der -CAfile ca.pem"
                        + " -verify_other chain.pem";
                String output = ExternalProgram.named("openssl")
                        .in(own)
                        .run(Stream.concat(Stream.of("ocsp"), Stream.of(command.split(" ")))
                                .toArray())
                        .output();
                assertThat(output).contains("Response verify OK", "subject.der: " + stapled.judged());
            }
        }
    }

    /** A good staple gives way to a newer answer alone, up to its last moment; and goes then. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REVOKED_REFUSED")
    void noGoodStapleIsLostEarlyOrKeptForTooLong(Fault fault) {
        boolean answers = !visit(fault, Start.COLD, Moment.IN_FAULT).staples().isEmpty();
        for (Start start : List.of(Start.WARM, Start.RESTARTED)) {
            Visit before = visit(fault, start, Moment.BEFORE);
            for (Moment moment : List.of(Moment.BEFORE, Moment.IN_FAULT, Moment.LAST_MOMENT)) {
                Visit visit = visit(fault, start, moment);
                assertThat(visit.isStapled()).as("%s, %s", start, moment).isTrue();
                assertThat(answers || visit.isLike(before))
                        .as("%s, %s: the last good", start, moment)
                        .isTrue();
            }
            Visit after = visit(fault, start, Moment.AFTER_END);
            assertThat(after.staples().isEmpty() || (answers && !after.isLike(before)))
                    .as("%s: what has ended", start)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGoodStapleComesWithTheRespondersReturn(Fault fault) {
        for (Start start : Start.values()) {
            assertThat(visit(fault, start, Moment.RECOVERED).staples())
                    .as("%s", start)
                    .hasSize(2)
                    .allMatch(stapled -> stapled.judged().equals("good"));
        }
    }

    /**
     * Though it concerns two certificates, which are looked at several times. That a responder has no answer about a
     * certificate is no outage, and may be said of each.
     */
    @ParameterizedTest
    @EnumSource
    void anOutageIsLoggedOnce(Fault fault) {
        for (Start start : Start.values()) {
            assertThat(row(fault).from(start).log())
                    .as("%s", start)
                    .filteredOn(line -> line.startsWith("WARN responder gives no usable answer ["))
                    .hasSizeLessThan(2);
        }
    }

    private static List<Stapled> staples(Fault fault) {
        return Stream.of(Start.values())
                .flatMap(start -> row(fault).from(start).visits().values().stream())
                .flatMap(visit -> visit.staples().stream())
                .toList();
    }

    private static Visit visit(Fault fault, Start start, Moment moment) {
        return Objects.requireNonNull(row(fault).from(start).at(moment));
    }

    private static Row row(Fault fault) {
        return ROWS.stream().filter(row -> row.fault() == fault).findFirst().orElseThrow();
    }

    private static Path folder(Fault fault, Start start) {
        return folder.resolve(fault + "-" + start);
    }
}
