package io.staplegate.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.MessageCallback;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.pskstore.AdvancedSinglePskStore;
import org.eclipse.californium.scandium.dtls.x509.StaticNewAdvancedCertificateVerifier;
import org.jspecify.annotations.Nullable;

/** A device with Scandium, the DTLS stack of Eclipse Californium, that speaks lines of text. */
final class ScandiumDevice implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DTLSConnector connector;
    private final InetSocketAddress proxy;
    private final BlockingQueue<RawData> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<EndpointContext> established = new CompletableFuture<>();
    private volatile @Nullable Throwable failure;

    private ScandiumDevice(DTLSConnector connector, InetSocketAddress proxy) throws IOException {
        this.connector = connector;
        this.proxy = proxy;
        connector.setRawDataReceiver(answers::add);
        connector.start();
    }

    /** A device that verifies the proxy's chain and name. */
    static Design trusting(X509Certificate root) {
        return new Design(configuration()
                .setAdvancedCertificateVerifier(StaticNewAdvancedCertificateVerifier.builder()
                        .setTrustedCertificates(root)
                        .build()));
    }

    /** A device with a key that it shares with the proxy. */
    static Design knowing(String identity, byte[] key) {
        return new Design(configuration().setAdvancedPskStore(new AdvancedSinglePskStore(identity, key)));
    }

    private static DtlsConnectorConfig.Builder configuration() {
        DtlsConfig.register();
        return DtlsConnectorConfig.builder(Configuration.createStandardWithoutFile())
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .set(DtlsConfig.DTLS_ROLE, DtlsRole.CLIENT_ONLY)
                .set(DtlsConfig.DTLS_RECEIVER_THREAD_COUNT, 1)
                .set(DtlsConfig.DTLS_CONNECTOR_THREAD_COUNT, 1);
    }

    /** What a device is like. Each method changes it, and returns it. */
    record Design(DtlsConnectorConfig.Builder builder) {
        /** The one suite that it speaks. */
        Design suite(CipherSuite suite) {
            builder.set(DtlsConfig.DTLS_RECOMMENDED_CIPHER_SUITES_ONLY, false);
            builder.set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(suite));
            return this;
        }

        /** It asks the proxy for a connection id, and needs none itself. */
        Design withConnectionId() {
            builder.set(DtlsConfig.DTLS_CONNECTION_ID_LENGTH, 0);
            return this;
        }

        /** On its way through a network that loses much. */
        Design retransmittingAfter(Duration initial) {
            builder.set(DtlsConfig.DTLS_RETRANSMISSION_TIMEOUT, (int) initial.toMillis(), MILLISECONDS);
            builder.set(DtlsConfig.DTLS_ADDITIONAL_ECC_TIMEOUT, 0, MILLISECONDS);
            builder.set(DtlsConfig.DTLS_MAX_RETRANSMISSION_TIMEOUT, 4, SECONDS);
            builder.set(DtlsConfig.DTLS_MAX_RETRANSMISSIONS, 15);
            return this;
        }

        DTLSConnector connector() {
            return new DTLSConnector(builder.build());
        }

        /** The device, whose proxy is at a port of loopback. */
        ScandiumDevice before(int port) throws IOException {
            return new ScandiumDevice(connector(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    /** An answer, and what the device knows of the session in which it came. */
    record Answer(String text, EndpointContext session) {}

    /** Shakes hands, and waits for the end of that. */
    void connect(Duration limit) throws InterruptedException, ExecutionException, TimeoutException {
        send("hello");
        established.get(limit.toMillis(), MILLISECONDS);
    }

    /** Sends a line, after a handshake if there is no session, and waits for what comes back. */
    Answer exchange(String line) throws IOException, InterruptedException {
        send(line);
        return await(PATIENCE);
    }

    /** Sends a line, after a handshake if there is no session; does not wait for either. */
    void send(String line) {
        connector.send(RawData.outbound(line.getBytes(UTF_8), new AddressEndpointContext(proxy), new Sending(), false));
    }

    /** Waits for the next datagram from the proxy. */
    Answer await(Duration limit) throws IOException, InterruptedException {
        RawData answer = answers.poll(limit.toMillis(), MILLISECONDS);
        if (answer == null) {
            throw new IOException("no answer in " + limit, failure);
        }
        return new Answer(new String(answer.getBytes(), UTF_8), answer.getEndpointContext());
    }

    /** The next line is sent after a short handshake. */
    void forceResumption() {
        connector.forceResumeAllSessions();
    }

    @Override
    public void close() {
        connector.destroy();
    }

    private final class Sending implements MessageCallback {
        @Override
        public void onConnecting() {}

        @Override
        public void onDtlsRetransmission(int flight) {}

        @Override
        public void onContextEstablished(EndpointContext context) {
            established.complete(context);
        }

        @Override
        public void onSent() {}

        @Override
        public void onError(Throwable error) {
            failure = error;
            established.completeExceptionally(error);
        }
    }
}
