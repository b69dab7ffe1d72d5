package io.staplegate.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.app.DeviceCondition.Moment;
import io.staplegate.app.DeviceMatrix.Cell;
import io.staplegate.app.MutualDevice.Protocol;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.handshake.DeviceCredentials;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything that may be so with a device's certificate, over every protocol, under every policy: whether it reaches
 * the backend, by which alert it learns that it does not, and what is counted. What is expected stands in
 * {@code device-matrix.md} among the resources; what was found is printed, and written to
 * {@code target/device-matrix.md}.
 */
class DeviceMatrixTest {
    /** Longer than any answer takes that comes at all: nobody is let in, or kept out, for want of time. */
    private static final Duration BUDGET = Duration.ofSeconds(10);

    private static final Map<Cell, DeviceVerdict> VERDICTS = new ConcurrentHashMap<>();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void play() throws Exception {
        try (DeviceScene scene = new DeviceScene(folder, BUDGET)) {
            Map<Cell, DeviceCredentials> warm = new ConcurrentHashMap<>();
            scene.deny("name:" + DeviceCondition.STOLEN + "\n");
            atEachDoor(scene, cellsWhere(DeviceCondition::isWarm), cell -> {
                DeviceCredentials device =
                        Objects.requireNonNull(cell.condition().device(scene, name(cell)));
                warm.put(cell, device);
                assertThat(DeviceVerdict.on(scene, door(scene, cell), cell.protocol(), device)
                                .isIn())
                        .isTrue();
            });
            scene.mortal().refuse();
            for (Moment moment : Moment.values()) {
                scene.move(
                        switch (moment) {
                            case AT_ONCE -> Duration.ZERO;
                            case IN_GRACE -> DeviceScene.VALIDITY.plus(DeviceScene.GRACE.dividedBy(2));
                            case BEYOND_GRACE -> DeviceScene.GRACE;
                        });
                atEachDoor(scene, cellsWhere(condition -> condition.moment() == moment), cell -> {
                    DeviceCredentials device = warm.containsKey(cell)
                            ? warm.get(cell)
                            : cell.condition().device(scene, name(cell));
                    VERDICTS.put(cell, DeviceVerdict.on(scene, door(scene, cell), cell.protocol(), device));
                });
            }
        }
    }

    private interface Play {
        void at(Cell cell) throws Exception;
    }

    private static List<Cell> cellsWhere(Predicate<DeviceCondition> isWanted) {
        List<Cell> cells = new ArrayList<>();
        for (DeviceCondition condition : DeviceCondition.values()) {
            for (Protocol protocol : Protocol.values()) {
                for (Policy policy : Policy.values()) {
                    if (isWanted.test(condition)) {
                        cells.add(new Cell(condition, protocol, policy));
                    }
                }
            }
        }
        return cells;
    }

    /** One after the other at each door, and at all doors at the same time. */
    private static void atEachDoor(DeviceScene scene, List<Cell> cells, Play play) throws Exception {
        Map<Door, List<Cell>> queues = cells.stream()
                .collect(Collectors.groupingBy(cell -> door(scene, cell), LinkedHashMap::new, Collectors.toList()));
        try (ExecutorService players = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> playing = new ArrayList<>();
            for (List<Cell> queue : queues.values()) {
                playing.add(players.submit(() -> {
                    for (Cell cell : queue) {
                        play.at(cell);
                    }
                    return null;
                }));
            }
            for (Future<?> each : playing) {
                each.get();
            }
        }
    }

    private static Door door(DeviceScene scene, Cell cell) {
        return scene.door(Door.Kind.of(cell.policy(), cell.condition().whenNoSource(), cell.protocol()));
    }

    private static String name(Cell cell) {
        return cell.condition() + "-" + cell.protocol() + "-" + cell.policy();
    }

    @AfterAll
    static void print() throws IOException {
        String table = DeviceMatrix.of(VERDICTS);
        System.out.println(table);
        Files.writeString(Path.of("target", "device-matrix.md"), table);
    }

    @Test
    void theTableIsAsExpected() throws IOException {
        try (InputStream expected = DeviceMatrixTest.class.getResourceAsStream("/device-matrix.md")) {
            String text = new String(Objects.requireNonNull(expected).readAllBytes(), UTF_8);
            assertThat(DeviceMatrix.of(VERDICTS)).isEqualTo(text);
        }
    }

    @Test
    void nobodyWhoIsOutReachesTheBackend() {
        assertThat(VERDICTS)
                .isNotEmpty()
                .allSatisfy((_, verdict) -> assertThat(verdict.reached()).isEqualTo(verdict.isIn() ? 1 : 0));
    }

    /** Over TLS 1.3 a device is done before anybody has looked at its certificate. */
    @Test
    void whoseRevocationIsCheckedHasFinishedItsHandshakeAndWhosePathIsRefusedHasNot() {
        assertThat(VERDICTS)
                .isNotEmpty()
                .allSatisfy((cell, verdict) -> assertThat(verdict.handshaken())
                        .isEqualTo(verdict.counted().startsWith("checks") || cell.protocol() == Protocol.TLS13));
    }
}
