package io.staplegate.interop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.testing.ExternalProgram;
import io.staplegate.testing.RunningProgram;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.californium.core.CoapClient;
import org.eclipse.californium.core.CoapHandler;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapResponse;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.config.CoapConfig;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.config.UdpConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** CoAP servers that know nothing of DTLS, behind the proxy. */
class CoapTest {
    @TempDir
    Path folder;

    @Test
    void libcoapsClientReachesLibcoapsServer() throws Exception {
        int port = FreePort.forDatagrams();
        ExternalProgram client = ExternalProgram.named("coap-client-gnutls");
        try (RunningProgram coap =
                        ExternalProgram.named("coap-server-notls").start("-v", 7, "-A", "127.0.0.1", "-p", port);
                DtlsServer server = DtlsServer.in(folder)
                        .before(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                        .start()) {
            coap.awaitOutput("created UDP");
            var outcome =
                    client.run("-B", 20, "-R", server.ca(), "-m", "get", "coaps://127.0.0.1:" + server.port() + "/");
            assertThat(outcome.output()).contains("This is a test server made with libcoap");
            assertThat(server.metric("staplegate_handshake_staples_total", "kind=\"leaf\""))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {"TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"})
    void californiumReadsAndObservesACaliforniumServer(CipherSuite suite) throws Exception {
        Meter meter = new Meter();
        CoapServer coap = coapServer(meter);
        try (DtlsServer server = DtlsServer.in(folder)
                .before(coap.getEndpoints().getFirst().getAddress())
                .start()) {
            CoapClient client = client(server, suite);
            assertThat(client.get().getResponseText()).isEqualTo("reading 42");

            BlockingQueue<String> notified = new LinkedBlockingQueue<>();
            client.observeAndWait(new Notifications(notified));
            assertThat(notified.poll(20, SECONDS)).isEqualTo("reading 42");
            meter.read("reading 43");
            assertThat(notified.poll(20, SECONDS)).isEqualTo("reading 43");
            client.getEndpoint().destroy();
        } finally {
            coap.destroy();
        }
    }

    private static CoapServer coapServer(Meter meter) {
        CoapConfig.register();
        UdpConfig.register();
        Configuration configuration = Configuration.createStandardWithoutFile();
        CoapServer server = new CoapServer(configuration);
        server.addEndpoint(CoapEndpoint.builder()
                .setConfiguration(configuration)
                .setInetSocketAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build());
        server.add(meter);
        server.start();
        return server;
    }

    private static CoapClient client(DtlsServer server, CipherSuite suite) {
        CoapClient client = new CoapClient("coaps://127.0.0.1:" + server.port() + "/meter");
        client.setEndpoint(CoapEndpoint.builder()
                .setConfiguration(Configuration.createStandardWithoutFile())
                .setConnector(ScandiumDevice.trusting(server.pki().root().certificate())
                        .suite(suite)
                        .withConnectionId()
                        .connector())
                .build());
        return client;
    }

    /** A resource that can be observed. */
    private static final class Meter extends CoapResource {
        private volatile String reading = "reading 42";

        Meter() {
            super("meter");
            setObservable(true);
        }

        void read(String next) {
            reading = next;
            changed();
        }

        @Override
        public void handleGET(CoapExchange exchange) {
            exchange.respond(reading);
        }
    }

    private record Notifications(BlockingQueue<String> queue) implements CoapHandler {
        @Override
        public void onLoad(CoapResponse response) {
            queue.add(response.getResponseText());
        }

        @Override
        public void onError() {
            queue.add("an error");
        }
    }
}
