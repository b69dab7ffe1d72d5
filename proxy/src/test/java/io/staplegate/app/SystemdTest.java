package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.net.Transport;
import io.staplegate.testing.LogLines;
import io.staplegate.testing.ProxyProcess;
import io.staplegate.testing.ServiceManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service manager hears at its socket. */
final class SystemdTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration WATCHDOG = Duration.ofMillis(200);
    /** Long enough for several beats. */
    private static final Duration SILENCE = WATCHDOG.multipliedBy(3);

    @TempDir
    private Path folder;

    private Transport transport;

    @BeforeEach
    void open() {
        assumeThat(Transport.Kind.best()).isEqualTo(Transport.Kind.EPOLL);
        transport = Transport.open(2);
    }

    @AfterEach
    void close() {
        if (transport != null) {
            transport.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "@abstract"})
    void aServiceIsReadyWhenItServesAndSaysWhatItDoes(String kind) throws Exception {
        String address = kind.equals("path")
                ? folder.resolve("notify").toString()
                : "@staplegate-test-" + ProcessHandle.current().pid();
        try (ServiceManager manager = ServiceManager.listening(address);
                Systemd systemd = new Systemd(Map.of("NOTIFY_SOCKET", address))) {
            systemd.starting(transport, PATIENCE);
            assertThat(manager.next()).contains("EXTEND_TIMEOUT_USEC=90000000").doesNotContain("READY=1");
            Map<String, Integer> ports = new LinkedHashMap<>();
            ports.put("tls", 8883);
            ports.put("admin", 9464);
            systemd.serving(ports);
            assertThat(manager.next()).isEqualTo("READY=1\nSTATUS=serving tls=8883 admin=9464");
            long before = System.nanoTime() / 1_000;
            systemd.reloading();
            String[] reloading = manager.next().split("\n", -1);
            assertThat(reloading[0]).isEqualTo("RELOADING=1");
            assertThat(Long.parseLong(reloading[1].replace("MONOTONIC_USEC=", "")))
                    .isBetween(before, System.nanoTime() / 1_000);
            systemd.reloaded(false);
            assertThat(manager.next()).startsWith("READY=1\nSTATUS=serving tls=8883 admin=9464; the last reload was");
            systemd.reloaded(true);
            assertThat(manager.next()).isEqualTo("READY=1\nSTATUS=serving tls=8883 admin=9464");
            systemd.stopping(PATIENCE);
            assertThat(manager.next()).startsWith("STOPPING=1\n").endsWith("EXTEND_TIMEOUT_USEC=90000000");
        }
    }

    @Test
    void theWatchdogHearsNothingWhileAnEventLoopIsStuck() throws Exception {
        CompletableFuture<Void> stuck = new CompletableFuture<>();
        try (ServiceManager manager = listening();
                LogLines log = new LogLines(Systemd.class);
                Systemd systemd = new Systemd(watched(manager, Map.of()))) {
            systemd.starting(transport, PATIENCE);
            assertThat(manager.nextNews()).startsWith("STATUS=");
            assertThat(manager.next()).isEqualTo("WATCHDOG=1");
            CountDownLatch reached = new CountDownLatch(1);
            transport.eventLoops().iterator().next().execute(() -> {
                reached.countDown();
                stuck.join();
            });
            reached.await();
            while (manager.within(WATCHDOG) != null) {
                // What had been on its way.
            }
            assertThat(manager.within(SILENCE)).isNull();
            assertThat(log.lines()).anyMatch(line -> line.startsWith("WARN an event loop is stuck"));
            stuck.complete(null);
            assertThat(manager.next()).isEqualTo("WATCHDOG=1");
        } finally {
            stuck.complete(null);
        }
    }

    @Test
    void signsOfLifeComeTwiceInTheTimeThatTheWatchdogWaits() throws Exception {
        try (ServiceManager manager = listening();
                Systemd systemd = new Systemd(watched(
                        manager,
                        Map.of(
                                "WATCHDOG_PID",
                                String.valueOf(ProcessHandle.current().pid()))))) {
            systemd.starting(transport, PATIENCE);
            manager.nextNews();
            manager.next();
            long first = System.nanoTime();
            for (int i = 0; i < 4; i++) {
                manager.next();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - first)).isBetween(WATCHDOG, WATCHDOG.multipliedBy(50));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"WATCHDOG_PID=1", "WATCHDOG_USEC=0", "WATCHDOG_USEC=soon"})
    void whoeverTheWatchdogDoesNotMeanGivesNoSignOfLife(String variable) throws Exception {
        String[] named = variable.split("=", -1);
        try (ServiceManager manager = listening();
                Systemd systemd = new Systemd(watched(manager, Map.of(named[0], named[1])))) {
            systemd.starting(transport, PATIENCE);
            assertThat(manager.next()).startsWith("STATUS=");
            assertThat(manager.within(SILENCE)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "/nowhere/notify"})
    void aServiceThatNobodyHearsServesAllTheSame(String address) {
        try (LogLines log = new LogLines("io.staplegate");
                Systemd systemd = new Systemd(Map.of("NOTIFY_SOCKET", address))) {
            systemd.starting(transport, PATIENCE);
            systemd.serving(Map.of());
            systemd.stopping(PATIENCE);
            await().until(() -> log.lines().stream().anyMatch(line -> line.startsWith("WARN")));
        }
    }

    @Test
    void aWholeServiceTellsItsLife() throws Exception {
        try (Site site = Site.in(folder.resolve("site"));
                ServiceManager manager = listening();
                ProxyProcess proxy = ProxyProcess.serving(
                        folder.resolve("log"), watched(manager, Map.of()), "run", "--config", site.configuration())) {
            assertThat(manager.nextNews()).contains("EXTEND_TIMEOUT_USEC=");
            assertThat(manager.nextNews()).startsWith("READY=1\nSTATUS=serving tls=" + proxy.port("tls"));
            assertThat(manager.next()).isEqualTo("WATCHDOG=1");
            proxy.signal("HUP");
            assertThat(manager.nextNews()).startsWith("RELOADING=1\nMONOTONIC_USEC=");
            assertThat(manager.nextNews()).startsWith("READY=1\nSTATUS=serving");
            Files.writeString(site.directory().chain(), "no certificate");
            proxy.signal("HUP");
            assertThat(manager.nextNews()).startsWith("RELOADING=1");
            assertThat(manager.nextNews()).startsWith("READY=1").contains("the last reload was refused");
            proxy.signal("TERM");
            assertThat(manager.nextNews()).startsWith("STOPPING=1\n");
            assertThat(proxy.exit()).isZero();
        }
    }

    private ServiceManager listening() throws InterruptedException {
        return ServiceManager.listening(folder.resolve("notify").toString());
    }

    private static Map<String, String> watched(ServiceManager manager, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "NOTIFY_SOCKET", manager.address(), "WATCHDOG_USEC", String.valueOf(WATCHDOG.toNanos() / 1_000)));
        environment.putAll(more);
        return environment;
    }
}
