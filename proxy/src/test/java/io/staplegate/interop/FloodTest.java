package io.staplegate.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strangers who begin handshakes and never end them, from many addresses. */
class FloodTest {
    private static final int HELLOS = 2_000;
    private static final int HALF_OPEN = 300;
    private static final int HONEST = 10;

    @TempDir
    Path folder;

    @Test
    void honestDevicesAreServedAndStrangersGetNoMoreThanTheyGive() throws Exception {
        try (DtlsServer server = DtlsServer.in(folder).start();
                ExecutorService several = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<VanishingDevice>> hellos = several.submit(() -> strangers(server, 1, HELLOS, 1));
            Future<List<VanishingDevice>> halfOpen = several.submit(() -> strangers(server, 2, HALF_OPEN, 2));
            List<Future<String>> honest = Stream.generate(() -> several.submit(() -> exchange(server)))
                    .limit(HONEST)
                    .toList();

            for (Future<String> device : honest) {
                assertThat(device.get()).isEqualTo("reading 42");
            }
            int answers = 0;
            for (VanishingDevice stranger : hellos.get()) {
                List<Integer> received = stranger.received();
                answers += received.size();
                assertThat(received).hasSizeLessThanOrEqualTo(1);
                assertThat(received).allMatch(size -> size <= stranger.sent().getFirst());
                stranger.close();
            }
            assertThat(answers).isGreaterThan(HELLOS / 2);
            halfOpen.get().forEach(VanishingDevice::close);
            assertThat(server.fullHandshakes()).isEqualTo(HONEST);
        }
    }

    /** Each from an address of its own, in the network 127.{@code network}.0.0/16. */
    private static List<VanishingDevice> strangers(DtlsServer server, int network, int count, int datagrams)
            throws IOException {
        List<VanishingDevice> strangers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            InetAddress source = InetAddress.getByAddress(new byte[] {127, (byte) network, (byte) (i >> 8), (byte) i});
            strangers.add(VanishingDevice.from(source, server.port(), datagrams));
        }
        return strangers;
    }

    private static String exchange(DtlsServer server) throws IOException, InterruptedException {
        try (ScandiumDevice device = ScandiumDevice.trusting(server.pki().root().certificate())
                .withConnectionId()
                .before(server.port())) {
            return device.exchange("reading 42").text();
        }
    }
}
