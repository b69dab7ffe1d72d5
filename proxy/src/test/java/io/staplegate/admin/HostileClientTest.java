package io.staplegate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.staplegate.config.SocketAddress;
import io.staplegate.identity.AdminAccess;
import io.staplegate.net.Transport;
import io.staplegate.relay.SessionBook;
import io.staplegate.staple.Imported;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Browsers led here by other sites, and clients that speak no HTTP. */
@Timeout(30)
final class HostileClientTest {
    private static final Transport TRANSPORT = Transport.open(1);

    private static final SocketAddress LOOPBACK = new SocketAddress.HostPort("127.0.0.1", 0);
    private static final String IMPORT = "POST /import HTTP/1.1\r\nHost: localhost\r\n";

    private final AtomicInteger refreshes = new AtomicInteger();
    private final AtomicInteger imports = new AtomicInteger();
    private final Desk desk = new Desk(
            List::of,
            identity -> refreshes.incrementAndGet() > 0,
            (_, _) -> List.of(imports.incrementAndGet() > 0 ? Imported.foreign() : Imported.unreadable("never")),
            List::of,
            List::of,
            List::of,
            new SessionBook(InstantSource.system()),
            CompletableFuture::new,
            () -> true,
            new Telemetry(InstantSource.system()),
            InstantSource.system());
    private final Guard guard = new Guard(new Pages(desk).routes(), Door.LOOPBACK, () -> AdminAccess.OPEN);
    private AdminServer server;

    @BeforeEach
    void open() throws IOException {
        server = AdminServer.open(LOOPBACK, () -> AdminAccess.OPEN, desk, TRANSPORT);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @AfterAll
    static void closeTransport() {
        TRANSPORT.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://127.0.0.1:1",
                "Origin: http://%",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
            })
    void aPageOfAnotherSiteCannotPost(String header) throws IOException {
        assertThat(HttpReply.to(server.port().orElseThrow(), "POST", "/refresh", header)
                        .status())
                .isEqualTo(403);
        assertThat(refreshes).hasValue(0);
        assertThat(HttpReply.to(server.port().orElseThrow(), IMPORT + header + "\r\nContent-Length: 5\r\n\r\nhello")
                        .status())
                .isEqualTo(403);
        assertThat(imports).hasValue(0);
    }

    @Test
    void aPageOfOurOwnAndACommandLineClientCan() throws IOException {
        String origin = "Origin: http://127.0.0.1:" + server.port().orElseThrow();
        assertThat(HttpReply.to(server.port().orElseThrow(), "POST", "/refresh", origin, "Sec-Fetch-Site: same-origin")
                        .status())
                .isEqualTo(200);
        assertThat(HttpReply.to(server.port().orElseThrow(), "POST", "/refresh", "Content-Length: 0")
                        .status())
                .isEqualTo(200);
        assertThat(refreshes).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"evil.example", "evil.example:9464", "localhost@evil.example", "localhost.evil.example", "%", ""
            })
    void aNameThatWasReboundToLoopbackIsRefused(String host) throws IOException {
        assertThat(HttpReply.to(server.port().orElseThrow(), "GET", "/staples", "Host: " + host)
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:9464", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:9464"})
    void localhostAndAddressesAreOurNames(String host) throws IOException {
        assertThat(HttpReply.to(server.port().orElseThrow(), "GET", "/staples", "Host: " + host)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
                "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /refresh?identity=%f HTTP/1.1\r\nHost: localhost\r\n\r\n",
            })
    void whatIsNoHttpIsABadRequestAndTheEnd(String raw) throws IOException {
        assertThat(HttpReply.to(server.port().orElseThrow(), raw).status()).isEqualTo(400);
        assertThat(refreshes).hasValue(0);
    }

    @Test
    void anOldClientWithoutAHostIsServed() throws IOException {
        assertThat(HttpReply.to(server.port().orElseThrow(), "GET /livez HTTP/1.0\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void longLinesAndLargeHeadsAreRefused() throws IOException {
        assertThat(HttpReply.to(server.port().orElseThrow(), "GET", "/" + "x".repeat(5_000))
                        .status())
                .isEqualTo(414);
        assertThat(HttpReply.to(server.port().orElseThrow(), "GET", "/", "X: " + "y".repeat(9_000))
                        .status())
                .isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n"})
    void aBodyIsRefused(String rest) throws IOException {
        String head = "POST /refresh HTTP/1.1\r\nHost: localhost\r\n";
        assertThat(HttpReply.to(server.port().orElseThrow(), head + rest + "\r\n")
                        .status())
                .isEqualTo(413);
        assertThat(refreshes).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 65537\r\n\r\n",
                "Content-Length: 9223372036854775807\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            })
    void anImportThatIsTooLargeOrOfUnknownLengthIsRefusedUnread(String rest) throws IOException {
        assertThat(HttpReply.to(server.port().orElseThrow(), IMPORT + rest).status())
                .isEqualTo(413);
        assertThat(imports).hasValue(0);
    }

    @Test
    void anImportThatBreaksOffIsNotTaken() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.port().orElseThrow())) {
            socket.getOutputStream().write((IMPORT + "Content-Length: 5\r\n\r\nhell").getBytes(UTF_8));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(imports).hasValue(0);
    }

    @Test
    void aClientThatWaitsToBeToldToContinueIsTold() throws IOException {
        HttpReply reply = HttpReply.to(
                server.port().orElseThrow(), IMPORT + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");

        assertThat(reply.status()).isEqualTo(100);
        assertThat(reply.body()).startsWith("HTTP/1.1 200 OK");
        assertThat(imports).hasValue(1);
    }

    @Test
    void aSecondRequestInTheSameBreathIsNotAnswered() throws IOException {
        String request = "POST /refresh HTTP/1.1\r\nHost: localhost\r\n\r\n";

        assertThat(HttpReply.to(server.port().orElseThrow(), request.repeat(3)).body())
                .isEqualTo("[]");
        assertThat(refreshes).hasValue(1);
    }

    @Test
    void whoSaysNothingMakesRoomForWhoAsks() throws IOException {
        int port = server.port().orElseThrow();
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < AdminServer.MOST_CONNECTIONS; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }

            assertThat(HttpReply.to(port, "GET", "/livez").status()).isEqualTo(200);

            silent.getFirst().setSoTimeout(1_000);
            assertThat(isClosed(silent.getFirst())).as("the oldest").isTrue();
            silent.getLast().setSoTimeout(100);
            assertThatThrownBy(() -> isClosed(silent.getLast())).isInstanceOf(SocketTimeoutException.class);
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void whereAllAreAtWorkTheNewcomerGoes() {
        Connections connections = new Connections(2);
        List<EmbeddedChannel> working = List.of(connection(), connection());
        for (EmbeddedChannel connection : working) {
            assertThat(connections.admit(connection)).isTrue();
            connections.hasAsked(connection);
        }

        EmbeddedChannel newcomer = connection();
        assertThat(connections.admit(newcomer)).isFalse();
        assertThat(newcomer.isOpen()).isFalse();
        assertThat(working).allMatch(EmbeddedChannel::isOpen);

        var _ = working.getFirst().close();
        assertThat(connections.admit(connection())).as("room comes back").isTrue();
    }

    private static EmbeddedChannel connection() {
        return new EmbeddedChannel(DefaultChannelId.newInstance());
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void whoDripsARequestIsCutOffAtTheDeadline() {
        EmbeddedChannel channel = new EmbeddedChannel(
                new HttpServerCodec(), new AdminHandler(guard, new Connections(9), Runnable::run, desk.clock()));
        channel.freezeTime();
        for (int second = 0; second < 9; second++) {
            channel.writeInbound(Unpooled.copiedBuffer("G", UTF_8));
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            assertThat(channel.isOpen()).isTrue();
        }
        channel.advanceTimeBy(2, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        channel.finishAndReleaseAll();
    }

    @Test
    void whoDripsABodyIsCutOffAtTheDeadline() {
        EmbeddedChannel channel = new EmbeddedChannel(
                new HttpServerCodec(), new AdminHandler(guard, new Connections(9), Runnable::run, desk.clock()));
        channel.freezeTime();
        channel.writeInbound(Unpooled.copiedBuffer(IMPORT + "Content-Length: 20\r\n\r\n", UTF_8));
        for (int second = 0; second < 10; second++) {
            channel.writeInbound(Unpooled.copiedBuffer("x", UTF_8));
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }

        assertThat(channel.isOpen()).isFalse();
        assertThat(imports).hasValue(0);
        channel.finishAndReleaseAll();
    }

    @Test
    void aLongRefreshIsNotCutOffAtTheDeadlineOfItsRequest() {
        List<Runnable> work = new ArrayList<>();
        EmbeddedChannel channel = new EmbeddedChannel(
                new HttpServerCodec(), new AdminHandler(guard, new Connections(9), work::add, desk.clock()));
        channel.freezeTime();
        channel.writeInbound(Unpooled.copiedBuffer("POST /refresh HTTP/1.1\r\nHost: localhost\r\n\r\n", UTF_8));
        channel.advanceTimeBy(10, TimeUnit.MINUTES);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();

        work.forEach(Runnable::run);

        ByteBuf head = channel.readOutbound();
        assertThat(head.toString(UTF_8)).startsWith("HTTP/1.1 200 OK");
        head.release();
        channel.finishAndReleaseAll();
    }
}
