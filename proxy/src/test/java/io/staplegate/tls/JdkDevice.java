package io.staplegate.tls;

import io.staplegate.handshake.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.util.EnumSet;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's client as a device that insists on knowing that no certificate of the chain is revoked. */
final class JdkDevice {
    private final SSLContext context;

    JdkDevice(Site site) {
        try {
            PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
            checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.NO_FALLBACK));
            PKIXBuilderParameters parameters =
                    new PKIXBuilderParameters(Set.of(new TrustAnchor(site.root(), null)), new X509CertSelector());
            parameters.addCertPathChecker(checker);
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(new CertPathTrustManagerParameters(parameters));
            context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no client of the JDK with PKIX in " + KeyStore.getDefaultType(), e);
        }
    }

    /** Connects, and shakes hands in the given version only. */
    SSLSocket connect(int port, String version) throws IOException {
        return over(new Socket(InetAddress.getLoopbackAddress(), port), version);
    }

    /** The same over a socket that is connected, and is closed with the other. */
    SSLSocket over(Socket below, String version) throws IOException {
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(below, "127.0.0.1", below.getPort(), true);
        socket.setEnabledProtocols(new String[] {version});
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }
}
