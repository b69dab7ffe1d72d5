package io.staplegate.identity;

import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS by the JDK's provider, from PEM files: for the admin endpoint's both sides, never for devices. */
public final class JdkTls {
    private JdkTls() {}

    /**
     * The context of a client.
     *
     * @param ca the CAs to trust; null: those that Java trusts
     * @param certificate what to show; null: nothing
     * @param key of that certificate
     * @throws IOException where a file cannot be used; the message is for people
     */
    public static SSLContext client(@Nullable Path ca, @Nullable Path certificate, @Nullable Path key)
            throws IOException {
        Findings findings = new Findings("");
        CertificateFiles files = new CertificateFiles();
        List<X509Certificate> anchors = ca == null ? List.of() : files.read(reference(ca), "ca", findings);
        List<X509Certificate> chain =
                certificate == null ? List.of() : files.read(reference(certificate), "certificate", findings);
        PrivateKey privateKey = key == null ? null : new KeyFile(reference(key), null, findings).read();
        for (Problem problem : findings.problems()) {
            if (problem.isError()) {
                throw new IOException(problem.message());
            }
        }
        try {
            return context(privateKey, chain, anchors);
        } catch (GeneralSecurityException e) {
            throw new IOException("these certificates cannot be used (" + e.getMessage() + ")", e);
        }
    }

    private static FileReference reference(Path path) {
        return new FileReference(path.toString(), path);
    }

    /**
     * A context that shows a chain, where there is a key, and trusts these CAs; without any, those that Java trusts.
     */
    static SSLContext context(@Nullable PrivateKey key, List<X509Certificate> chain, List<X509Certificate> anchors)
            throws GeneralSecurityException, IOException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(key == null ? null : keyManagers(key, chain), trustManagers(anchors), null);
        return context;
    }

    private static KeyManager[] keyManagers(PrivateKey key, List<X509Certificate> chain)
            throws GeneralSecurityException, IOException {
        KeyStore own = emptyStore();
        own.setKeyEntry("own", key, new char[0], chain.toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        return keys.getKeyManagers();
    }

    private static TrustManager @Nullable [] trustManagers(List<X509Certificate> anchors)
            throws GeneralSecurityException, IOException {
        if (anchors.isEmpty()) {
            return null;
        }
        KeyStore trusted = emptyStore();
        for (int i = 0; i < anchors.size(); i++) {
            trusted.setCertificateEntry("ca" + i, anchors.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
