package io.staplegate.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo's backend. */
@Timeout(20)
class TcpBackendTest {
    private TcpBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = TcpBackend.start(0);
    }

    @AfterEach
    void stop() throws IOException {
        backend.close();
    }

    @Test
    void answersAGetWithAPageAndCloses() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(ascii("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));

            String page = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(page).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\n");
        }
    }

    @Test
    void echoesEverythingElseAtOnce() throws IOException {
        try (Socket socket = connect()) {
            for (String text : new String[] {"a", "GET", "GET / later is an echo"}) {
                socket.getOutputStream().write(ascii(text));
                assertThat(socket.getInputStream().readNBytes(text.length())).isEqualTo(ascii(text));
            }
        }
    }

    @Test
    void echoesTheRestAfterAHalfClose() throws IOException, ExecutionException, InterruptedException {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (Socket socket = connect()) {
            var echo = CompletableFuture.supplyAsync(() -> readAll(socket));
            socket.getOutputStream().write(sent);
            socket.shutdownOutput();

            assertThat(echo.get()).isEqualTo(sent);
        }
    }

    @Test
    void endsItsSessionsWithItself() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(ascii("x"));
            assertThat(socket.getInputStream().read()).isEqualTo('x');

            backend.close();

            assertThat(readAll(socket)).isEmpty();
        }
    }

    private Socket connect() throws IOException {
        return new Socket(backend.address().getAddress(), backend.address().getPort());
    }

    private static byte[] readAll(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
