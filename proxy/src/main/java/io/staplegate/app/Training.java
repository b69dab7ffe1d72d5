package io.staplegate.app;

import io.staplegate.demo.DemoPki;
import io.staplegate.probe.ClientCertificate;
import io.staplegate.probe.Device;
import io.staplegate.probe.DeviceHandshake;
import io.staplegate.probe.Group;
import io.staplegate.probe.StatusWish;
import io.staplegate.probe.TlsSession;
import io.staplegate.probe.TlsVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * What happens to a proxy in its training: every kind of handshake that fleets make, bytes to and from the backend, and
 * what an operator and Prometheus ask of it.
 */
final class Training {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final byte[] PAGE = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SCRAPES = 20;

    private final TrainedProxy proxy;
    private final List<Device> devices;

    Training(TrainedProxy proxy, DemoPki pki) {
        this.proxy = proxy;
        ClientCertificate own =
                new ClientCertificate(List.of(pki.device(), pki.intermediate().certificate()), pki.deviceKey());
        Device modern = Device.usual().naming("localhost");
        Device older = modern.speaking(TlsVersion.TLS12);
        Device datagrams = Device.overDtls().naming("localhost");
        // As often as they are named: what most devices do is learnt best.
        this.devices = List.of(
                modern,
                older,
                datagrams,
                modern,
                modern.showing(own),
                older.asking(StatusWish.V2),
                datagrams.asking(StatusWish.V2),
                modern.offering(Group.X25519),
                older.showing(own),
                datagrams.showing(own),
                modern.asking(StatusWish.NONE),
                older.asking(StatusWish.NONE),
                datagrams.asking(StatusWish.NONE));
    }

    /**
     * Takes the proxy through all of it. On a slow machine a handshake may fail: the next one teaches the same.
     *
     * @param handshakes at least so many are tried
     * @throws IOException where more than half fail, or the proxy does not answer its operator
     */
    void run(int handshakes) throws IOException, InterruptedException {
        int tried = 0;
        int failed = 0;
        IOException last = new IOException("no handshake");
        while (tried < handshakes) {
            for (Device device : devices) {
                tried++;
                try {
                    meet(device);
                } catch (IOException e) {
                    failed++;
                    last = e;
                }
            }
        }
        if (failed > tried / 2) {
            throw new IOException(
                    failed + " of " + tried + " handshakes failed, the last by " + last.getMessage(), last);
        }
        operate();
    }

    private void meet(Device device) throws IOException {
        if (device.versions().contains(TlsVersion.DTLS12)) {
            var _ = new DeviceHandshake(proxy.address("dtls"), device, TIMEOUT).perform();
        } else {
            talk(device, proxy.address("tls"));
        }
    }

    private static void talk(Device device, InetSocketAddress server) throws IOException {
        try (TlsSession session = TlsSession.begin(device, null, server, TIMEOUT)) {
            session.send(PAGE);
            byte[] received = session.receive(TIMEOUT);
            while (received.length > 0) {
                received = session.receive(TIMEOUT);
            }
        }
    }

    private void operate() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder()
                .proxy(HttpClient.Builder.NO_PROXY)
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            for (int i = 0; i < SCRAPES; i++) {
                for (String path : List.of("/metrics", "/livez", "/readyz", "/staples", "/devices", "/")) {
                    send(http, request(path).GET());
                }
                send(http, request("/metrics").GET().header("Accept", "application/openmetrics-text; version=1.0.0"));
            }
            send(http, request("/refresh").POST(BodyPublishers.noBody()));
            proxy.hangUp();
            send(http, request("/refresh").POST(BodyPublishers.noBody()));
        }
    }

    private HttpRequest.Builder request(String path) {
        URI page = proxy.admin(path);
        return HttpRequest.newBuilder(page).timeout(TIMEOUT);
    }

    private static void send(HttpClient http, HttpRequest.Builder request) throws IOException, InterruptedException {
        var _ = http.send(request.build(), BodyHandlers.discarding());
    }
}
