package io.staplegate.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.config.Configuration.Admin;
import io.staplegate.config.FileReference;
import io.staplegate.config.SocketAddress;
import io.staplegate.identity.AdminAccess;
import io.staplegate.net.Transport;
import io.staplegate.relay.SessionBook;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask for what, with a token, on loopback and beyond. */
@Timeout(30)
final class AdminGuardTest {
    private static final Transport TRANSPORT = Transport.open(1);
    private static final String TOKEN = "0123456789abcdef+/=~";

    private final AtomicInteger refreshes = new AtomicInteger();
    private final Path file;
    private volatile AdminAccess access;

    AdminGuardTest(@TempDir Path folder) throws IOException {
        file = folder.resolve("admin.token");
        access = withToken("\n " + TOKEN + " \r\n");
    }

    @AfterAll
    static void closeTransport() {
        TRANSPORT.close();
    }

    @Test
    void onLoopbackAPostNeedsTheTokenAndAGetDoesNot() throws IOException {
        try (AdminServer server = open("127.0.0.1")) {
            HttpReply stranger = ask(server, "POST", "/refresh");
            assertThat(stranger.status()).isEqualTo(401);
            assertThat(stranger.headers()).containsEntry("WWW-Authenticate", "Bearer");
            assertThat(ask(server, "POST", "/refresh", "Authorization: Bearer 0123456789abcdef+/=")
                            .headers())
                    .containsEntry("WWW-Authenticate", "Bearer error=\"invalid_token\"");
            assertThat(ask(server, "DELETE", "/staples").status()).isEqualTo(401);
            assertThat(ask(server, "GET", "/staples").status()).isEqualTo(200);
            assertThat(refreshes).hasValue(0);

            assertThat(ask(server, "POST", "/refresh", "authorization: bearer  " + TOKEN)
                            .status())
                    .isEqualTo(200);
            assertThat(refreshes).hasValue(1);
        }
    }

    @Test
    void beyondLoopbackAllButTheProbesNeedTheToken() throws IOException {
        try (AdminServer server = open("0.0.0.0")) {
            for (String page : List.of("/", "/metrics", "/staples", "/sessions", "/export", "/nowhere", "/%6civez")) {
                assertThat(ask(server, "GET", page, "Host: staplegate.svc:9464").status())
                        .as(page)
                        .isEqualTo(401);
            }
            assertThat(ask(server, "POST", "/livez").status()).isEqualTo(401);
            for (String probe : List.of("/livez", "/readyz", "/livez?verbose")) {
                assertThat(ask(server, "GET", probe).status()).as(probe).isEqualTo(200);
            }
            assertThat(ask(server, "HEAD", "/readyz").status()).isEqualTo(200);
            assertThat(ask(server, "GET", "/metrics", "Authorization: Bearer " + TOKEN)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void withoutAnythingToShowStrangersBeyondLoopbackGetNothingButProbes() throws IOException {
        access = AdminAccess.OPEN;
        try (AdminServer server = open("0.0.0.0")) {
            assertThat(ask(server, "GET", "/metrics").status()).isEqualTo(401);
            assertThat(ask(server, "POST", "/refresh", "Authorization: Bearer ").status())
                    .isEqualTo(401);
            assertThat(ask(server, "GET", "/livez").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Basic MDEyMzQ1Njc4OWFiY2RlZg==",
                "Authorization: Bearer",
                "Authorization: Bearer ",
                "Authorization: " + TOKEN,
                "Authorization: Bearer " + TOKEN + ", Bearer x",
                "Authorization: Bearer " + TOKEN + "\r\nAuthorization: Bearer x",
                "Authorization: Bearer \u0000" + TOKEN,
                "Proxy-Authorization: Bearer " + TOKEN,
            })
    void whatIsNotExactlyTheTokenIsNone(String header) throws IOException {
        try (AdminServer server = open("0.0.0.0")) {
            assertThat(ask(server, "POST", "/refresh", header).status()).isIn(400, 401);
            assertThat(refreshes).hasValue(0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"})
    void theTokenDoesNotHelpAPageOfAnotherSite(String header) throws IOException {
        try (AdminServer server = open("0.0.0.0")) {
            assertThat(ask(server, "POST", "/refresh", header, "Authorization: Bearer " + TOKEN)
                            .status())
                    .isEqualTo(403);
            String old = "POST /refresh HTTP/1.0\r\n" + header + "\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n";
            assertThat(HttpReply.to(server.port().orElseThrow(), old).status()).isEqualTo(403);
            assertThat(refreshes).hasValue(0);
        }
    }

    @Test
    void anotherTokenCountsFromTheNextRequestOn() throws IOException {
        try (AdminServer server = open("127.0.0.1")) {
            access = withToken("another-token-0123456789");
            assertThat(ask(server, "POST", "/refresh", "Authorization: Bearer " + TOKEN)
                            .status())
                    .isEqualTo(401);
            assertThat(ask(server, "POST", "/refresh", "Authorization: Bearer another-token-0123456789")
                            .status())
                    .isEqualTo(200);
        }
    }

    private AdminAccess withToken(String content) throws IOException {
        Files.writeString(file, content);
        Admin config =
                new Admin(new SocketAddress.HostPort("127.0.0.1", 0), new FileReference(file.toString(), file), null);
        return Objects.requireNonNull(AdminAccess.load(config, Instant.EPOCH).access());
    }

    private AdminServer open(String host) throws IOException {
        Desk desk = new Desk(
                List::of,
                identity -> refreshes.incrementAndGet() > 0,
                (_, _) -> List.of(),
                List::of,
                List::of,
                new SessionBook(InstantSource.system()),
                CompletableFuture::new,
                () -> true,
                new Telemetry(InstantSource.system()),
                InstantSource.system());
        return AdminServer.open(new SocketAddress.HostPort(host, 0), () -> access, desk, TRANSPORT);
    }

    private static HttpReply ask(AdminServer server, String method, String target, String... headers)
            throws IOException {
        return HttpReply.to(server.port().orElseThrow(), method, target, headers);
    }
}
