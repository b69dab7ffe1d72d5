package io.staplegate.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.staplegate.handshake.Site;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

/** A token that takes its time holds up nobody but those who wait for its signature. */
final class TokenKeyTest {
    @Test
    void theEventLoopGoesOnWhileATokenSigns() throws Exception {
        try (BlockingKeys token = new BlockingKeys();
                ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            Site site = new Site("EC").inToken(BlockingKeys::handle);
            try (Server server =
                    new Server(site).timeout(Duration.ofSeconds(15)).open()) {
                List<Future<SSLSocket>> waiting = new ArrayList<>();
                for (String version : List.of("TLSv1.3", "TLSv1.2")) {
                    waiting.add(devices.submit(() -> new JdkDevice(site).connect(server.port(), version)));
                }
                assertThat(BlockingKeys.ASKED.await(15, TimeUnit.SECONDS)).isTrue();

                try (Socket other = server.connect()) {
                    other.getOutputStream().write("not TLS".getBytes(UTF_8));
                    assertThat(other.getInputStream().read()).isEqualTo(-1);
                }
                assertThat(waiting).noneMatch(Future::isDone);

                BlockingKeys.LET.countDown();
                for (Future<SSLSocket> device : waiting) {
                    try (SSLSocket socket = device.get(15, TimeUnit.SECONDS)) {
                        socket.getOutputStream().write("ping".getBytes(UTF_8));
                        assertThat(socket.getInputStream().readNBytes(4)).isEqualTo("ping".getBytes(UTF_8));
                    }
                }
                await().until(() -> server.listener().connections() == 0);
            }
            assertThat(token.getName()).isEqualTo("BlockingKeys");
        }
    }
}
