package io.staplegate.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.AccessLogConfig.Format;
import io.staplegate.config.FileReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class AccessLogTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:06Z"));

    @TempDir
    Path folder;

    @Test
    void aLineOfTextSaysEverythingInOrder() {
        assertThat(line("broker.example").text())
                .isEqualTo("time=2026-01-02T03:04:04.500Z listener=mqtts source=[2001:db8::7]:40000 sni=broker.example"
                        + " version=TLSv1.3 suite=TLS_AES_128_GCM_SHA256 staple=chain bytesFromDevice=12"
                        + " bytesToDevice=34567 duration=1.500 end=device device=-");
    }

    @Test
    void aLineOfJsonSaysTheSame() {
        assertThat(line("broker.example").json())
                .isEqualTo("{\"time\":\"2026-01-02T03:04:04.500Z\",\"listener\":\"mqtts\","
                        + "\"source\":\"[2001:db8::7]:40000\",\"sni\":\"broker.example\",\"version\":\"TLSv1.3\","
                        + "\"suite\":\"TLS_AES_128_GCM_SHA256\",\"staple\":\"chain\",\"bytesFromDevice\":12,"
                        + "\"bytesToDevice\":34567,\"duration\":1.500,\"end\":\"device\",\"device\":null}");
    }

    @Test
    void aMissingServerNameIsNoName() {
        assertThat(line(null).text()).contains(" sni=- ");
        assertThat(line("-").text()).contains(" sni=\"-\" ");
        assertThat(line(null).json()).contains("\"sni\":null");
    }

    @Test
    void aHostileServerNameCannotForgeALineOrAField() {
        AccessLine line = line("x\" end=idle\r\ntime=0 \\ \u0000\u001b[2J\u2028\u0085ü");
        assertThat(line.text())
                .contains("sni=\"x\\\" end=idle\\u000d\\u000atime=0 \\\\ \\u0000\\u001b[2J\\u2028\\u0085\\u00fc\"")
                .matches("[ -~]*");
        assertThat(line.json())
                .contains("\"sni\":\"x\\\" end=idle\\r\\ntime=0 \\\\ \\u0000\\u001B[2J\\u2028\\u0085\\u00FC\"")
                .matches("[ -~]*");
    }

    @Test
    void aDeviceIsCalledByItsPskIdentityOrTheNameInItsCertificate() {
        CertifiedDevice device = new CertifiedDevice("meter 7", "urn:meter:7 b");
        assertThat(line(null, device, null).text()).endsWith(" device=\"urn:meter:7 b\"");
        assertThat(line(null, new CertifiedDevice("meter 7", null), null).text())
                .endsWith(" device=-");
        assertThat(line(null, null, "urn:dev:ops:7".getBytes(UTF_8)).text()).endsWith(" device=urn:dev:ops:7");
        assertThat(line(null, null, "x\" end=\n\u00fc".getBytes(UTF_8)).text())
                .endsWith(" device=\"x\\\" end=\\u000a\\u00fc\"");
    }

    @Test
    void linesAreAppendedToTheFile() throws Exception {
        Path file = folder.resolve("access.log");
        Files.writeString(file, "before\n");
        try (AccessLog log = open(Format.TEXT, file)) {
            log.log(line("one").summary());
            log.log(line("two").summary());
        }
        assertThat(Files.readAllLines(file)).hasSize(3).first().isEqualTo("before");
    }

    @Test
    void aFileThatWasMovedIsOpenedAnew() throws Exception {
        Path file = folder.resolve("access.log");
        Path moved = folder.resolve("access.log.1");
        try (AccessLog log = open(Format.TEXT, file)) {
            log.log(line("first").summary());
            await().until(() -> Files.readString(file).contains("first"));
            Files.move(file, moved);
            await().until(() -> {
                log.log(line("later").summary());
                return Files.exists(file) && Files.readString(file).contains("later");
            });
        }
        assertThat(moved).content(UTF_8).contains("first");
    }

    @Test
    @EnabledIf("hasFullDevice")
    void aFullDiskCostsItsLinesAndOneLogLine() throws Exception {
        Path file = folder.resolve("access.log");
        Files.createSymbolicLink(file, Path.of("/dev/full"));
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LogFile.class);
        events.start();
        logger.addAppender(events);
        try (AccessLog log = open(Format.TEXT, file)) {
            for (int i = 0; i < 10; i++) {
                log.log(line("lost").summary());
                await().until(() -> !events.list.isEmpty());
            }
            assertThat(events.list).hasSize(1);
            Files.delete(file);
            await().until(() -> {
                log.log(line("kept").summary());
                return Files.exists(file) && Files.readString(file).contains("kept");
            });
        } finally {
            logger.detachAppender(events);
        }
        assertThat(events.list)
                .extracting(ILoggingEvent::getMessage)
                .containsExactly("access log cannot be written, its lines are lost", "access log is written again");
    }

    static boolean hasFullDevice() {
        return Files.exists(Path.of("/dev/full"));
    }

    @Test
    void aFileThatCannotBeOpenedIsNamed() {
        Path file = folder.resolve("absent").resolve("access.log");
        assertThatThrownBy(() -> open(Format.TEXT, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void nothingIsWrittenWhereItIsOff() throws Exception {
        Path file = folder.resolve("access.log");
        try (AccessLog log = open(Format.OFF, file)) {
            log.log(line("one").summary());
        }
        assertThat(file).doesNotExist();
    }

    private static AccessLog open(Format format, Path file) throws IOException {
        return AccessLog.open(new AccessLogConfig(format, new FileReference("access.log", file)), CLOCK);
    }

    private static AccessLine line(@Nullable String serverName) {
        return line(serverName, null, null);
    }

    private static AccessLine line(
            @Nullable String serverName, @Nullable CertifiedDevice device, byte @Nullable [] pskIdentity) {
        SessionFacts facts = new SessionFacts(
                "mqtts",
                new InetSocketAddress(InetAddress.ofLiteral("2001:db8::7"), 40000),
                new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 8883),
                "TLSv1.3",
                "TLS_AES_128_GCM_SHA256",
                serverName,
                null,
                "chain",
                false,
                device,
                pskIdentity,
                null);
        return new AccessLine(
                CLOCK.instant(), new SessionSummary(facts, 12, 34567, Duration.ofMillis(1500), SessionEnd.DEVICE));
    }
}
