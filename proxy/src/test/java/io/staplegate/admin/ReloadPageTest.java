package io.staplegate.admin;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.Problem;
import io.staplegate.config.SocketAddress;
import io.staplegate.identity.AdminAccess;
import io.staplegate.net.Transport;
import io.staplegate.relay.SessionBook;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code POST /reload}. */
@Timeout(30)
final class ReloadPageTest {
    private final Transport transport = Transport.open(1);
    private volatile CompletableFuture<ReloadReport> reload = new CompletableFuture<>();
    private AdminServer server;

    @BeforeEach
    void open() throws IOException {
        Desk desk = new Desk(
                List::of,
                identity -> true,
                (_, _) -> List.of(),
                List::of,
                List::of,
                new SessionBook(InstantSource.system()),
                () -> reload,
                () -> true,
                new Telemetry(InstantSource.system()),
                InstantSource.system());
        server = AdminServer.open(new SocketAddress.HostPort("127.0.0.1", 0), () -> AdminAccess.OPEN, desk, transport);
    }

    @AfterEach
    void close() {
        server.close();
        transport.close();
    }

    @Test
    void aReloadAnswersWithItsReportWhenItHasEnded() throws Exception {
        CompletableFuture<HttpReply> reply = later();
        assertThat(HttpReply.to(port(), "GET", "/livez").status())
                .as("meanwhile others are served")
                .isEqualTo(200);
        assertThat(reply).isNotDone();

        reload.complete(ReloadReport.of(true, List.of(Problem.warning("backends[1]", "no listener uses it", null))));

        assertThat(reply.get(10, SECONDS).status()).isEqualTo(200);
        assertThat(reply.get().body())
                .isEqualTo("{\"reloaded\":true,\"problems\":[{\"path\":\"backends[1]\","
                        + "\"message\":\"no listener uses it\",\"hint\":null,\"error\":false}]}");
    }

    @Test
    void aReloadThatIsRefusedOrCutShortIsNoSuccess() throws IOException {
        reload.complete(ReloadReport.of(false, List.of(Problem.error("", "the file is empty", "write it"))));
        HttpReply refused = post();
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("\"reloaded\":false", "\"hint\":\"write it\",\"error\":true");

        reload = new CompletableFuture<>();
        reload.cancel(false);
        assertThat(post().status()).isEqualTo(503);
    }

    private CompletableFuture<HttpReply> later() {
        CompletableFuture<HttpReply> reply = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                reply.complete(post());
            } catch (IOException | RuntimeException e) {
                reply.completeExceptionally(e);
            }
        });
        return reply;
    }

    private HttpReply post() throws IOException {
        return HttpReply.to(port(), "POST", "/reload");
    }

    private int port() {
        return server.port().orElseThrow();
    }
}
