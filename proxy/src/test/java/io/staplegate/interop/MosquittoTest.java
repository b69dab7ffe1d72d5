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
        int brokerPort = FreePort.onLoopback();
        Path configuration = folder.resolve("mosquitto.conf");
        Files.writeString(configuration, "listener " + brokerPort + " 127.0.0.1\nallow_anonymous true\n");
        ExternalProgram publisher = ExternalProgram.named("mosquitto_pub");
        ExternalProgram subscriber = ExternalProgram.named("mosquitto_sub");
        Process broker = ExternalProgram.named("mosquitto").start("-c", configuration.toString());
        try (StapledServer server = StapledServer.in(folder, Duration.ofHours(12))
                .before(new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort))
                .start()) {
            awaitLine(broker, "running");
            String port = String.valueOf(server.port());
            String[] through = {"-h", "localhost", "-p", port, "--cafile", server.ca(), "-t", "meters/1"};

            var published = publisher.run(and(through, "-m", "reading 42", "-q", "1", "-r"));
            var heard = subscriber.run(and(through, "-C", "1", "-W", "20"));

            assertThat(published.exit()).as(published.output()).isZero();
            assertThat(heard.output()).isEqualTo("reading 42\n");
        } finally {
            broker.destroyForcibly();
        }
    }

    private static String[] and(String[] some, String... others) {
        String[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }

    private static void awaitLine(Process process, String expected) throws Exception {
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(expected)) {
                return;
            }
        }
        throw new IllegalStateException("the process ended without saying \"" + expected + "\"");
    }
}
