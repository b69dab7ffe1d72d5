package io.staplegate.app;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A handshake with a device that asks for staples and takes what it gets: the JDK's TLS 1.3 client, which checks the
 * chain and nothing more.
 *
 * @param staples as they came over the wire, the leaf's first; none where there were none
 * @param refused whether the server ended it, as it does where it may not serve
 */
record StapledHandshake(List<byte[]> staples, boolean refused) {
    private static final int TIMEOUT_MILLIS = 20_000;

    static StapledHandshake with(int port, X509Certificate root) throws IOException, GeneralSecurityException {
        try (SSLSocket socket =
                (SSLSocket) trusting(root).getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.startHandshake();
            ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
            return new StapledHandshake(session.getStatusResponses(), false);
        } catch (SSLException e) {
            if (!String.valueOf(e.getMessage()).contains("Received fatal alert: internal_error")) {
                throw e;
            }
            return new StapledHandshake(List.of(), true);
        }
    }

    /** New for each handshake: a session that is resumed carries no staples. */
    private static SSLContext trusting(X509Certificate root) throws IOException, GeneralSecurityException {
        KeyStore anchors = KeyStore.getInstance("PKCS12");
        anchors.load(null, null);
        anchors.setCertificateEntry("root", root);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(anchors);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
