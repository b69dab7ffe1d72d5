package io.staplegate.loadtest;

import io.staplegate.probe.Device;
import io.staplegate.probe.Encounter;
import io.staplegate.probe.TlsSession;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A full TLS handshake, then a request over HTTP. In TLS 1.3 a server judges a device's certificate when the device has
 * done its part: who gets an answer has been let in.
 *
 * @param timeout for the connection, and for each answer of the server
 */
record PageVisit(InetSocketAddress server, Device device, Duration timeout) implements Meeting {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final String GOOD = "HTTP/1.1 2";

    @Override
    public Encounter perform() throws IOException {
        long begin = System.nanoTime();
        try (TlsSession session = TlsSession.begin(device, null, server, timeout)) {
            session.send(REQUEST);
            String answer = new String(session.receive(timeout), StandardCharsets.ISO_8859_1);
            if (!answer.startsWith(GOOD)) {
                throw new IOException("answer: "
                        + answer.lines()
                                .findFirst()
                                .map(line -> '"' + line + '"')
                                .orElse("none"));
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            return new Encounter(session.presented(), session.traffic(), Duration.ZERO, took);
        }
    }
}
