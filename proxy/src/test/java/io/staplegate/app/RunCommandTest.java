package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.staplegate.testing.ProxyProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} as a process of its own: what signals do. */
final class RunCommandTest {
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
    void sigtermLetsOpenSessionsGoOnThenExitsZero() throws Exception {
        try (ProxyProcess proxy = run();
                Device device = site.connect(proxy.ports())) {
            assertThat(device.echo("before")).isEqualTo("before");
            proxy.signal("TERM");
            proxy.awaitLog("draining");
            assertThat(Site.get(proxy.ports(), "/readyz").statusCode()).isEqualTo(503);
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), proxy.port("tls")).close());
            assertThat(device.echo("still here")).isEqualTo("still here");
            device.hangUp();
            assertThat(proxy.exit()).isZero();
        }
    }

    @Test
    void whileTlsDrainsDtlsSessionsGoOnAndNoneBegins() throws Exception {
        try (ProxyProcess proxy = run();
                Device stream = site.connect(proxy.ports());
                DatagramDevice datagrams = DatagramDevice.connect(proxy.port("dtls"))) {
            stream.echo("hello");
            assertThat(datagrams.echo("before")).isEqualTo("before");
            proxy.signal("TERM");
            proxy.awaitLog("draining");
            assertThat(datagrams.echo("still here")).isEqualTo("still here");
            assertThatIOException()
                    .isThrownBy(() -> DatagramDevice.connect(proxy.port("dtls"), Duration.ofMillis(300)));
            stream.hangUp();
            datagrams.awaitGoodbye();
            assertThat(proxy.exit()).isZero();
        }
    }

    @Test
    void aSecondSignalCutsTheDrainShortAndEndsSessionsWithACloseNotify() throws Exception {
        site.append("shutdown: { drainTimeout: 1h }");
        try (ProxyProcess proxy = run();
                Device device = site.connect(proxy.ports())) {
            device.echo("hello");
            proxy.signal("INT");
            proxy.awaitLog("draining");
            proxy.signal("INT");
            assertThat(device.readEnd()).isEqualTo(-1);
            assertThat(proxy.exit()).isZero();
        }
    }

    @Test
    void sighupWithAMistakeSaysWhyAndTheDrainEndsInTime() throws Exception {
        site.append("shutdown: { drainTimeout: 100ms }");
        try (ProxyProcess proxy = run();
                Device device = site.connect(proxy.ports())) {
            Files.writeString(site.directory().chain(), "no certificate");
            proxy.signal("HUP");
            proxy.awaitLog("not reloaded");
            assertThat(proxy.logged()).contains("identities[0].certificate");
            proxy.signal("TERM");
            assertThat(device.readEnd()).isEqualTo(-1);
            assertThat(proxy.exit()).isZero();
        }
    }

    private ProxyProcess run() throws IOException {
        return ProxyProcess.serving(folder.resolve("proxy.log"), "run", "--config", site.configuration());
    }
}
