package io.staplegate.loadtest.revoke;

import io.staplegate.loadtest.device.LoopbackAddresses;
import io.staplegate.loadtest.device.SimulatedDevice;
import io.staplegate.loadtest.server.ProxyProcess;
import io.staplegate.probe.ClientCertificate;
import io.staplegate.probe.Device;
import io.staplegate.probe.TlsSession;
import io.staplegate.probe.TlsVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;

/** A session of a device, which stays until it is cut off. Blocks: made for virtual threads; one at a time. */
interface Visit extends AutoCloseable {
    Duration LIMIT = Duration.ofSeconds(10);

    /** Has a word come back from the backend: whoever hears it is in. */
    void greet() throws IOException;

    /** Waits for so long for whatever comes. */
    void listen(Duration time) throws IOException;

    @Override
    void close();

    /** What a device speaks. */
    enum Protocol {
        TLS13("TLS 1.3"),
        TLS12("TLS 1.2"),
        DTLS12("DTLS 1.2");

        private final String label;

        Protocol(String label) {
            this.label = label;
        }

        /** For people. */
        String label() {
            return label;
        }

        private Device device() {
            return switch (this) {
                case TLS13 -> Device.usual().speaking(TlsVersion.TLS13);
                case TLS12 -> Device.usual().speaking(TlsVersion.TLS12);
                case DTLS12 -> Device.overDtls();
            };
        }
    }

    /** Shakes hands. {@code number}: of the device. */
    static Visit begin(Protocol protocol, int number, ClientCertificate certificate, ProxyProcess proxy)
            throws IOException {
        Device device = protocol.device().showing(certificate);
        return protocol == Protocol.DTLS12
                ? new Datagrams(SimulatedDevice.connect(device, LoopbackAddresses.of(number), proxy.dtls(), LIMIT))
                : new Stream(TlsSession.begin(device, LoopbackAddresses.of(number), proxy.tls(), LIMIT));
    }

    /** How a session ended: the name of the alert, or what else happened. */
    static String ending(IOException e) {
        return switch (e) {
            case TlsFatalAlertReceived received -> AlertDescription.getName(received.getAlertDescription());
            // the engine's word for one that came over DTLS
            case TlsFatalAlert alert -> AlertDescription.getName(alert.getAlertDescription());
            default -> String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        };
    }

    /** Over TLS. */
    record Stream(TlsSession session) implements Visit {
        private static final byte[] WORD = "here".getBytes(StandardCharsets.US_ASCII);

        @Override
        public void greet() throws IOException {
            session.send(WORD);
            listen(LIMIT);
        }

        @Override
        public void listen(Duration time) throws IOException {
            if (session.receive(time).length == 0) {
                throw new IOException("closed without an alert");
            }
        }

        @Override
        public void close() {
            session.close();
        }
    }

    /** Over DTLS. */
    record Datagrams(SimulatedDevice session) implements Visit {
        @Override
        public void greet() throws IOException {
            session.exchange(Stream.WORD, LIMIT);
        }

        @Override
        public void listen(Duration time) throws IOException {
            session.receive(time);
        }

        @Override
        public void close() {
            session.close();
        }
    }
}
