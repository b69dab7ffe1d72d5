package io.staplegate.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo's backend for datagrams. */
@Timeout(20)
class UdpBackendTest {
    private UdpBackend backend;

    @BeforeEach
    void start() throws IOException {
        backend = UdpBackend.start(0);
    }

    @AfterEach
    void stop() {
        backend.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1200, 60_000})
    void echoesEachDatagramWhole(int length) throws IOException {
        byte[] sent = new byte[length];
        new Random(length).nextBytes(sent);
        try (DatagramSocket device = new DatagramSocket()) {
            device.connect(backend.address());
            device.setSoTimeout(10_000);
            DatagramPacket echo = new DatagramPacket(new byte[65_536], 65_536);
            for (int i = 0; i < 3; i++) {
                device.send(new DatagramPacket(sent, length));
                device.receive(echo);
                assertThat(Arrays.copyOf(echo.getData(), echo.getLength())).isEqualTo(sent);
            }
        }
    }
}
