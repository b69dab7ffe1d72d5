package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker behind the proxy, as the README shows it. */
class MosquittoTest {
    @TempDir
    Path folder;

    @Test
    void messagesPassThroughTheProxyBothWays() throws Exception {
        int port = FreePort.onLoopback();
        Path configuration = folder.resolve("mosquitto.conf");
        Files.writeString(configuration, "listener " + port + " 127.0.0.1\nallow_anonymous true\n");
        ExternalProgram publisher = ExternalProgram.named("mosquitto_pub");
        Process broker = ExternalProgram.named("mosquitto").start("-c", configuration.toString());
        try (StapledServer server = StapledServer.in(folder, Duration.ofHours(12))
                .before(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .start()) {
            awaitLine(broker, "running");
            String[] through = {
                "-h", "localhost", "-p", String.valueOf(server.port()), "--cafile", server.ca(), "-t", "meters/1"
            };
            Process subscriber = ExternalProgram.named("mosquitto_sub").start(and(through, "-C", "1", "-d"));
            BufferedReader heard = awaitLine(subscriber, "SUBACK");

            var published = publisher.run(and(through, "-m", "reading 42", "-q", "1"));

            assertThat(published.exit()).as(published.output()).isZero();
            assertThat(heard.lines().toList()).contains("reading 42");
            assertThat(subscriber.waitFor()).isZero();
        } finally {
            broker.destroyForcibly();
        }
    }

    private static String[] and(String[] some, String... others) {
        String[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }

    private static BufferedReader awaitLine(Process process, String expected) throws Exception {
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(expected)) {
                return output;
            }
        }
        throw new IllegalStateException("the process ended without saying \"" + expected + "\"");
    }
}
