package io.staplegate.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's own client, over TLS or DTLS, which refuses any chain of which one certificate has no good status. */
final class HardFailingDevice {
    private final TrustManager[] trust;

    private HardFailingDevice(TrustManager[] trust) {
        this.trust = trust;
    }

    static HardFailingDevice trusting(X509Certificate root) throws GeneralSecurityException, IOException {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        anchors.setCertificateEntry("root", root);
        var checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        checker.setOptions(EnumSet.of(Option.NO_FALLBACK));
        var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.addCertPathChecker(checker);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(new CertPathTrustManagerParameters(parameters));
        return new HardFailingDevice(trust.getTrustManagers());
    }

    /** Shakes hands in one version of TLS, and exchanges a line with an echoing backend. */
    String echo(int port, String protocol, String line) throws IOException, GeneralSecurityException {
        try (SSLSocket socket = (SSLSocket) context("TLS").getSocketFactory().createSocket()) {
            socket.setEnabledProtocols(new String[] {protocol});
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            socket.connect(new InetSocketAddress("localhost", port));
            socket.startHandshake();
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(line.length());
            return new String(answer, StandardCharsets.US_ASCII);
        }
    }

    /** Shakes hands in DTLS 1.2, and exchanges a datagram with an echoing backend. */
    String echoOverDtls(int port, String line) throws IOException, GeneralSecurityException {
        SSLEngine engine = context("DTLSv1.2").createSSLEngine("localhost", port);
        engine.setUseClientMode(true);
        var parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        try (JdkDatagrams session = JdkDatagrams.connect(engine, port)) {
            return session.exchange(line);
        }
    }

    private SSLContext context(String protocol) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(null, trust, null);
        return context;
    }
}
