package io.staplegate.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.app.FaultTrial.Course;
import io.staplegate.app.FaultTrial.Moment;
import io.staplegate.app.FaultTrial.Start;
import io.staplegate.app.FaultTrial.Visit;
import io.staplegate.demo.TcpBackend;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.testing.LogLines;
import io.staplegate.testing.StapleJudge;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every fault that a responder can have, met by a proxy that starts for the first time, by one that runs, and by one
 * that starts again: what is stapled, counted and logged. What is expected stands in {@code fault-matrix.md}; what was
 * found is printed, and written to {@code target/fault-matrix.md}.
 */
class FaultMatrixTest {
    private static final int AT_A_TIME = 8;
    private static final OcspValidator VERIFY = new OcspValidator(Duration.ofMinutes(5), null);

    @TempDir
    private static Path folder;

    private static final Map<Fault, Map<Start, Course>> COURSES = new EnumMap<>(Fault.class);
    private static List<String> log = List.of();

    @BeforeAll
    static void play() throws Exception {
        try (TcpBackend backend = TcpBackend.start(0);
                LogLines lines = new LogLines("io.staplegate");
                ExecutorService players = Executors.newFixedThreadPool(AT_A_TIME)) {
            Map<Fault, Map<Start, Future<Course>>> playing = new EnumMap<>(Fault.class);
            for (Fault fault : Fault.values()) {
                for (Start start : Start.values()) {
                    Path own = folder.resolve(fault + "-" + start);
                    playing.computeIfAbsent(fault, key -> new EnumMap<>(Start.class))
                            .put(start, players.submit(() -> FaultTrial.of(fault, start, own, backend.address())));
                }
            }
            for (var row : playing.entrySet()) {
                Map<Start, Course> courses = new EnumMap<>(Start.class);
                for (var cell : row.getValue().entrySet()) {
                    courses.put(cell.getKey(), cell.getValue().get());
                }
                COURSES.put(row.getKey(), courses);
            }
            log = lines.lines();
        }
    }

    @AfterAll
    static void print() throws Exception {
        String table = FaultTable.of(COURSES, log);
        System.out.println(table);
        Files.writeString(Path.of("target", "fault-matrix.md"), table);
    }

    @Test
    void theTableIsTheOneThatIsExpected() throws Exception {
        try (InputStream expected = FaultMatrixTest.class.getResourceAsStream("/fault-matrix.md")) {
            String text = new String(Objects.requireNonNull(expected).readAllBytes(), UTF_8);
            assertThat(FaultTable.of(COURSES, log).lines())
                    .containsExactlyElementsOf(text.lines().toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsStapledThatAStrictDeviceOrVerifyWouldRefuse(Fault fault) {
        for (Course course : COURSES.get(fault).values()) {
            course.visits().forEach((moment, visit) -> assertThat(course.verdicts(visit))
                    .as("%s of %s", moment, fault)
                    .allMatch(verdict -> verdict.equals("good") || verdict.equals("revoked") && isRevocation(fault, moment)));
        }
    }

    private static boolean isRevocation(Fault fault, Moment moment) {
        return fault == Fault.REVOKED && moment != Moment.BEFORE && moment != Moment.RECOVERED;
    }
}
