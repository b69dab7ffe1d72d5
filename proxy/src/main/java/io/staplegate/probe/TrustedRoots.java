package io.staplegate.probe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The CA certificates that a probe trusts. */
final class TrustedRoots {
    private TrustedRoots() {}

    /**
     * Those of a PEM file, or those that the JDK trusts where there is no file.
     *
     * @throws IOException when the file cannot be read, or holds no certificate; the message names it
     */
    static Set<X509Certificate> of(@Nullable Path file) throws IOException {
        return file == null ? ofTheJdk() : in(file);
    }

    private static Set<X509Certificate> in(Path file) throws IOException {
        Set<X509Certificate> certificates;
        try (InputStream pem = Files.newInputStream(file)) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(pem).stream()
                    .map(X509Certificate.class::cast)
                    .collect(Collectors.toSet());
        } catch (CertificateException e) {
            throw new IOException("\"" + file + "\" is not a file of PEM certificates", e);
        }
        if (certificates.isEmpty()) {
            throw new IOException("\"" + file + "\" holds no certificate");
        }
        return certificates;
    }

    private static Set<X509Certificate> ofTheJdk() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
                    .collect(Collectors.toSet());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has trusted roots", e);
        }
    }
}
