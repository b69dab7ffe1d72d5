package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.relay.SessionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code staplegate sessions}, and {@code sessions kill}, with devices over TLS and DTLS. */
@Timeout(60)
final class SessionsCommandTest {
    private Site site;
    private Proxy proxy;
    private Path log;
    private String url;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        site = Site.in(folder);
        log = folder.resolve("access.log");
        site.append("accessLog: { format: text, file: access.log }");
        proxy = site.start();
        url = "http://127.0.0.1:" + Site.port(proxy.ports(), "admin");
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        site.close();
    }

    @Test
    void eachSessionIsARowThatSaysWhoIsThereOldestFirst() throws Exception {
        try (Device tls = site.connect(proxy.ports())) {
            tls.echo("hello"); // in TLS 1.3, a device is done before the proxy knows
            listAsTheOlderOfTwo(tls);
        }
        await().until(() -> sessions().isEmpty());
    }

    private void listAsTheOlderOfTwo(Device tls) throws Exception {
        try (DatagramDevice dtls = DatagramDevice.connect(Site.port(proxy.ports(), "dtls"))) {
            dtls.echo("hi");
            await().untilAsserted(() -> assertThat(sessions())
                    .satisfiesExactly(
                            first -> {
                                assertThat(first.source())
                                        .isEqualTo("127.0.0.1:" + tls.socket().getLocalPort());
                                assertThat(first.version()).isEqualTo("TLSv1.3");
                                assertThat(first.serverName())
                                        .as("the JDK names no host without a dot")
                                        .isNull();
                                assertThat(first.identity()).isEqualTo("demo");
                                assertThat(first.backend()).isEqualTo("echo");
                                assertThat(first.device()).isNull();
                                assertThat(first.bytesFromDevice()).isEqualTo(5);
                                assertThat(first.bytesToDevice()).isEqualTo(5);
                                assertThat(first.idleSeconds()).isBetween(0L, 60L);
                            },
                            second -> {
                                assertThat(second.version()).isEqualTo("DTLSv1.2");
                                assertThat(second.bytesFromDevice()).isEqualTo(2);
                                assertThat(second.opened()).isBefore(java.time.Instant.now());
                            }));
            assertThat(sessions("--limit", 1)).hasSize(1);
            assertThat(sessions("--listener", sessions().getLast().listener())).hasSize(1);
            Outcome table = Outcome.of("sessions", "--limit", 1, "--admin", url);
            assertThat(table.out().lines()).hasSize(2).first().asString().matches("ID +LISTENER +SOURCE .*DEVICE");
            assertThat(table.err()).isEqualTo("1 of 2; more with --limit\n");
        }
    }

    @Test
    void whoIsKilledGetsACloseNotifyAndTheAccessLogSaysSo() throws Exception {
        try (Device tls = site.connect(proxy.ports());
                DatagramDevice dtls = DatagramDevice.connect(Site.port(proxy.ports(), "dtls"))) {
            tls.echo("hello");
            dtls.echo("hi");
            for (SessionView session : sessions()) {
                Outcome killed = Outcome.of("sessions", "kill", "--admin", url, session.id());
                assertThat(killed.exit()).isZero();
                assertThat(Outcome.of("sessions", "kill", "--admin", url, session.id())
                                .err())
                        .as("once")
                        .contains("404", "no session has the id \"" + session.id() + "\"");
            }
            assertThat(sessions()).isEmpty();
            assertThat(tls.readEnd()).isEqualTo(-1);
            dtls.awaitGoodbye();
        }
        await().untilAsserted(() ->
                assertThat(Files.readAllLines(log)).hasSize(2).allMatch(line -> line.contains(" end=killed ")));
    }

    @Test
    void whatDoesNotExistOrIsTooMuchIsAnError() throws Exception {
        assertThat(Outcome.of("sessions", "--admin", url, "--listener", "none & such")
                        .err())
                .contains("404", "no listener has the name \"none & such\"");
        assertThat(Outcome.of("sessions", "--admin", url, "--limit", 10_001).err())
                .contains("400", "\"limit\" is a whole number from 1 to 10000");
        assertThat(Outcome.of("sessions", "kill", "--admin", url, "x").exit()).isEqualTo(1);
        assertThat(Outcome.of("sessions", "kill", "--admin", url).exit()).isEqualTo(2);
        assertThat(Outcome.of("sessions", "--admin", url, "kill", "y").err())
                .contains("404", "no session has the id \"y\"");
        assertThat(Site.get(proxy.ports(), "/sessions").headers().firstValue("X-Total-Count"))
                .hasValue("0");
    }

    private List<SessionView> sessions(Object... options) {
        Object[] all = new Object[options.length + 4];
        all[0] = "sessions";
        all[1] = "--json";
        all[2] = "--admin";
        all[3] = url;
        System.arraycopy(options, 0, all, 4, options.length);
        Outcome outcome = Outcome.of(all);
        assertThat(outcome.err()).isEmpty();
        return List.of(JsonMapper.shared().readValue(outcome.out(), SessionView[].class));
    }
}
