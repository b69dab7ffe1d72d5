package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
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
        try (RunningProgram broker = ExternalProgram.named("mosquitto").start("-c", configuration);
                StapledServer server = StapledServer.in(folder, Duration.ofHours(12))
                        .before(new InetSocketAddress(InetAddress.getLoopbackAddress(), brokerPort))
                        .start()) {
            broker.awaitOutput("running");
            Object[] through = {"-h", "localhost", "-p", server.port(), "--cafile", server.ca(), "-t", "meters/1"};

            var published = publisher.run(and(through, "-m", "reading 42", "-q", "1", "-r"));
            var heard = subscriber.run(and(through, "-C", "1", "-W", "20"));

            assertThat(published.exit()).as(published.output()).isZero();
            assertThat(heard.output()).isEqualTo("reading 42\n");
        }
    }

    private static Object[] and(Object[] some, Object... others) {
        Object[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }
}
