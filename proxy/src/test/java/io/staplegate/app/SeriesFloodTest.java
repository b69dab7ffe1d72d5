package io.staplegate.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever devices send, from wherever, the proxy has the series that it had. */
final class SeriesFloodTest {
    private static final int DEVICES = 40;
    private static final int PATIENCE_MILLIS = 10_000;

    private final Random random = new Random(6);

    @TempDir
    private Path folder;

    @Test
    void noDeviceCanMakeSeries() throws Exception {
        try (OperatedProxy proxy = new OperatedProxy(folder.resolve("proxy"), Duration.ofHours(1))) {
            proxy.serveDevices();
            Set<String> before = series(proxy);

            for (int i = 0; i < DEVICES; i++) {
                greet(proxy.tls(), i);
                babble(proxy.tls(), i);
                babbleInDatagrams(proxy.dtls(), i);
            }
            for (int i = 0; i < 3; i++) {
                showStrangersCertificate(proxy.tls(), "stranger-" + random.nextLong());
            }

            assertThat(series(proxy)).isEqualTo(before);
        }
    }

    /** A ClientHello with a random server name and one of the versions. */
    private void greet(SocketAddress proxy, int number) throws IOException {
        try (SSLSocket socket = (SSLSocket) SSLSocketFactory.getDefault().createSocket()) {
            socket.bind(source(number));
            socket.connect(proxy, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName("device-" + random.nextLong() + ".example")));
            parameters.setProtocols(new String[] {number % 2 == 0 ? "TLSv1.2" : "TLSv1.3"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
        } catch (IOException e) {
            // It does not trust the demo's CA; what counts has been sent.
        }
    }

    /** What begins like a record of a random version, or not even that. */
    private void babble(SocketAddress proxy, int number) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(source(number));
            socket.connect(proxy, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(bytes());
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // Closed by the proxy, as it should be.
        }
    }

    private void babbleInDatagrams(SocketAddress proxy, int number) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(source(number))) {
            byte[] bytes = bytes();
            socket.send(new DatagramPacket(bytes, bytes.length, proxy));
        }
    }

    private byte[] bytes() {
        byte[] bytes = new byte[64];
        random.nextBytes(bytes);
        bytes[0] = 22; // a handshake's record
        return bytes;
    }

    private void showStrangersCertificate(InetSocketAddress proxy, String name) throws Exception {
        ExternalProgram openssl = ExternalProgram.named("openssl").in(folder);
        var made = openssl.run((Object[])
                ("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -subj /CN="
                                + name)
                        .split(" ", -1));
        assertThat(made.exit()).as(made.output()).isZero();
        openssl.run("s_client", "-connect", "127.0.0.1:" + proxy.getPort(), "-cert", "cert.pem", "-key", "key.pem");
    }

    private static InetSocketAddress source(int number) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 1, (byte) (number + 1)}), 0);
    }

    /** Names and labels of what is ours; what the JVM counts comes and goes. */
    private static Set<String> series(OperatedProxy proxy) throws Exception {
        return proxy.metrics()
                .lines()
                .filter(line -> line.startsWith("staplegate_"))
                .map(line -> line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
