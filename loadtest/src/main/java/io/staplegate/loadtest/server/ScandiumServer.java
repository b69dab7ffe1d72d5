package io.staplegate.loadtest.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import org.eclipse.californium.elements.RawData;
import org.eclipse.californium.elements.config.CertificateAuthenticationMode;
import org.eclipse.californium.elements.config.Configuration;
import org.eclipse.californium.elements.util.SslContextUtil;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.config.DtlsConfig.DtlsRole;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.CertificateType;
import org.eclipse.californium.scandium.dtls.cipher.CipherSuite;
import org.eclipse.californium.scandium.dtls.x509.SingleCertificateProvider;

/** Eclipse Californium's DTLS server in this process, on loopback, as its defaults are: an echo. It has no staples. */
public final class ScandiumServer implements AutoCloseable {
    private static final int MTU = 1232;

    private final DTLSConnector connector;

    private ScandiumServer(DTLSConnector connector) {
        this.connector = connector;
    }

    /**
     * Starts it on a free port, with the JDK's cryptography.
     *
     * @param chain the leaf, then intermediates, in PEM; the name ends so
     * @param key the leaf's, in PKCS#8 and PEM; the name ends so
     */
    public static ScandiumServer start(Path chain, Path key) throws IOException, GeneralSecurityException {
        DtlsConfig.register();
        DtlsConnectorConfig config = DtlsConnectorConfig.builder(Configuration.createStandardWithoutFile())
                .setAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .set(DtlsConfig.DTLS_ROLE, DtlsRole.SERVER_ONLY)
                .set(DtlsConfig.DTLS_CLIENT_AUTHENTICATION_MODE, CertificateAuthenticationMode.NONE)
                .set(DtlsConfig.DTLS_MAX_TRANSMISSION_UNIT, MTU)
                .set(DtlsConfig.DTLS_CIPHER_SUITES, List.of(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256))
                .setCertificateIdentityProvider(new SingleCertificateProvider(
                        SslContextUtil.loadPrivateKey(key.toString(), null, null, null),
                        SslContextUtil.loadCertificateChain(chain.toString(), null, null),
                        CertificateType.X_509))
                .build();
        DTLSConnector connector = new DTLSConnector(config);
        connector.setRawDataReceiver(
                data -> connector.send(RawData.outbound(data.getBytes(), data.getEndpointContext(), null, false)));
        connector.start();
        return new ScandiumServer(connector);
    }

    public int port() {
        return connector.getAddress().getPort();
    }

    @Override
    public void close() {
        connector.destroy();
    }
}
