package io.staplegate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import io.staplegate.telemetry.Telemetry.StapleStatus;
import io.staplegate.telemetry.Telemetry.Validity;
import io.staplegate.testing.ExternalProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What parsers other than our own make of a scrape. */
final class ExpositionTest {
    private static final Instant NOW = Instant.parse("2026-08-01T00:00:00Z");

    /** Reads OpenMetrics strictly, and prints each family's unit and name. */
    private static final String PARSER = """
            import sys
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            for family in text_string_to_metric_families(open(sys.argv[1]).read()):
                print(family.name, 'unit', family.unit or 'none', 'samples', len(family.samples))
            """;

    @TempDir
    private Path folder;

    private final Telemetry telemetry = new Telemetry(InstantSource.fixed(NOW));
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

    @BeforeEach
    void use() {
        telemetry.observeProcess();
        telemetry.observeEventLoops(loops);
        telemetry.identityServed("odd \"name\\\n", List.of(new Validity("01", NOW, NOW.plusSeconds(60))), true);
        telemetry.staple("odd \"name\\\n", "01", StapleStatus.GOOD, NOW, NOW.plusSeconds(60));
        telemetry.responderRequested("ocsp.example:80", "ok", Duration.ofMillis(20));
        telemetry.handshakeEnded("mqtts", "TLSv1.3", HandshakeOutcome.OK, Duration.ofMillis(3));
        telemetry.relayed("mqtts", true, 100);
    }

    @AfterEach
    void close() {
        loops.shutdownGracefully().awaitUninterruptibly();
    }

    @Test
    void openMetricsNamesTheUnitsOfSecondsAndBytes() {
        assertThat(telemetry.scrape(telemetry.contentType("application/openmetrics-text")))
                .contains(
                        "# UNIT staplegate_staple_next_update_seconds seconds\n",
                        "# UNIT staplegate_responder_requests_seconds seconds\n",
                        "# UNIT staplegate_relayed_bytes bytes\n",
                        "# UNIT jvm_memory_used_bytes bytes\n",
                        "# UNIT process_uptime_seconds seconds\n")
                .doesNotContain("# UNIT staplegate_sessions");
    }

    @Test
    void aStrictParserReadsAllOfIt() throws Exception {
        Path python = Path.of("/usr/bin/python3"); // Debian's: its packages are not those of another one on PATH
        if (!Files.isExecutable(python)
                || ExternalProgram.at(python)
                                .run("-c", "import prometheus_client")
                                .exit()
                        != 0) {
            throw ExternalProgram.missing("python3-prometheus-client is not installed");
        }
        String text = telemetry.scrape(telemetry.contentType("application/openmetrics-text"));
        Path file = Files.writeString(folder.resolve("metrics.txt"), text);

        var outcome = ExternalProgram.at(python).run("-c", PARSER, file);

        assertThat(outcome.exit()).as(outcome.output()).isZero();
        assertThat(outcome.output())
                .contains(
                        "staplegate_handshake_duration_seconds unit seconds",
                        "staplegate_relayed_bytes unit bytes",
                        "staplegate_build unit none",
                        "netty_eventexecutor_tasks_pending unit none samples 2");
        assertThat(outcome.output().lines())
                .hasSameSizeAs(
                        text.lines().filter(line -> line.startsWith("# TYPE ")).toList());
    }

    @Test
    void theToolOfPrometheusFindsNoFaultInWhatIsOurs() throws Exception {
        Path text = Files.writeString(folder.resolve("metrics.txt"), telemetry.scrape(telemetry.contentType(null)));

        var outcome = ExternalProgram.named("sh").run("-c", "promtool check metrics <" + text);

        if (outcome.exit() == 127) {
            throw ExternalProgram.missing("promtool is not on PATH");
        }
        assertThat(outcome.exit()).as(outcome.output()).isIn(0, 3); // 3: it would have chosen other names
        assertThat(outcome.output()).doesNotContain("staplegate_");
    }

    @Test
    void theAllocatorsLabelsAreTheSameAfterARestart() {
        assertThat(telemetry
                        .scrape(telemetry.contentType(null))
                        .lines()
                        .filter(line -> line.startsWith("netty_allocator_")))
                .isNotEmpty()
                .noneMatch(line -> line.contains("id=\""));
    }
}
