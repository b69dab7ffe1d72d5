package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ProxyProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a running proxy writes to standard error, and how a reload changes it. */
final class LogOutputTest {
    @TempDir
    private Path folder;

    private Site site;

    @BeforeEach
    void open() throws IOException {
        site = Site.in(folder.resolve("site"));
    }

    @AfterEach
    void close() throws IOException {
        site.close();
    }

    @Test
    void oneKeyMakesEveryLineJson() throws Exception {
        site.append("log: { format: json }");
        Path log = folder.resolve("log");
        try (ProxyProcess proxy = ProxyProcess.serving(log, "run", "--config", site.configuration());
                Device device = site.connect(proxy.ports())) {
            device.hangUp();
            proxy.signal("TERM");
            assertThat(proxy.exit()).isZero();
        }

        List<JsonNode> lines = Files.readAllLines(log).stream()
                .map(JsonMapper.shared()::readTree)
                .toList();
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.propertyNames()).contains("time", "level", "logger", "event"));
        assertThat(lines).extracting(line -> line.get("event").asString()).contains("serving", "stopped");
    }

    @Test
    void aReloadChangesFormAndLevel() throws Exception {
        Path log = folder.resolve("log");
        try (ProxyProcess proxy = ProxyProcess.serving(log, "run", "--config", site.configuration())) {
            assertThat(proxy.logged()).containsPattern("(?m)^\\S+Z INFO {2}Proxy: serving ports=\"\\{tls=.*}\"$");
            site.append("log: { format: json, level: debug }");
            proxy.signal("HUP");
            proxy.awaitLog("\"event\":\"reloaded\"");
            try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), proxy.port("tls"))) {
                stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                proxy.awaitLog("\"level\":\"DEBUG\"");
            }
        }
    }
}
