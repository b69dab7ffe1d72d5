package io.staplegate.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the command line takes from an answer of the admin endpoint. */
@Timeout(30)
final class AdminClientTest {
    @Test
    void theTimeIsTheOneOfTheProxy() throws Exception {
        assertThat(timeOf("Date: Thu, 01 Jan 1970 00:00:10 GMT\r\n")).isEqualTo("1970-01-01T00:00:10Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Date: today\r\n"})
    void theTimeIsOursWhereTheProxyDoesNotSay(String date) throws Exception {
        Instant before = Instant.now();
        assertThat(timeOf(date)).isBetween(before, Instant.now());
    }

    /** {@code header}: with its line break; none where it is empty. */
    private static Instant timeOf(String header) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                AdminClient client = new AdminClient(
                        AdminLink.to("http://127.0.0.1:" + server.getLocalPort(), AdminTrust.OF_JAVA), null)) {
            Thread.ofVirtual().start(() -> answer(server, header));
            return client.staples().time();
        }
    }

    private static void answer(ServerSocket server, String header) {
        try (Socket connection = server.accept();
                var request = new BufferedReader(new InputStreamReader(connection.getInputStream(), US_ASCII))) {
            String line = request.readLine();
            while (line != null && !line.isEmpty()) {
                line = request.readLine();
            }
            connection
                    .getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\n" + header + "Content-Length: 2\r\n\r\n[]").getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
