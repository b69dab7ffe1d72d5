package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.AdminTlsConfig;
import io.staplegate.config.FileReference;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Reads the files of {@code admin.tls}, and finds what is wrong with them. */
final class AdminTlsReader {
    private static final String CERTIFICATE = "certificate";
    private static final String ANCHORS = "trustAnchors";

    private final AdminTlsConfig config;
    private final Instant now;
    private final Findings findings;
    private final CertificateFiles certificates = new CertificateFiles();

    AdminTlsReader(AdminTlsConfig config, Instant now, Findings findings) {
        this.config = config;
        this.now = now;
        this.findings = findings;
    }

    /** Null where there is any error. */
    @Nullable
    SSLContext read() {
        List<X509Certificate> chain = certificates.read(config.certificate(), CERTIFICATE, findings);
        PrivateKey key = new KeyFile(config.key(), null, findings).read();
        List<X509Certificate> anchors = config.trustAnchors() == null ? List.of() : anchors(config.trustAnchors());
        if (key == null || chain.isEmpty()) {
            return null;
        }
        check(chain, key);
        return findings.hasError() ? null : context(chain, key, anchors);
    }

    private List<X509Certificate> anchors(FileReference file) {
        List<X509Certificate> anchors = certificates.read(file, ANCHORS, findings);
        for (int i = 0; i < anchors.size(); i++) {
            if (!ChainRules.isAuthority(anchors.get(i))) {
                findings.error(
                        ANCHORS,
                        Findings.describe(anchors, i) + " of " + quote(file) + " is no CA certificate",
                        "name the CAs that issue the operators' certificates");
            }
        }
        return anchors;
    }

    private void check(List<X509Certificate> chain, PrivateKey key) {
        X509Certificate leaf = chain.getFirst();
        if (!Signatures.belongTogether(key, leaf.getPublicKey())) {
            findings.error("key", quote(config.key()) + " does not match the certificate (public keys differ)", null);
        }
        Instant end = leaf.getNotAfter().toInstant();
        if (now.isAfter(end)) {
            findings.warning(
                    CERTIFICATE,
                    Findings.describe(chain, 0) + " expired on " + ChainRules.date(end),
                    "clients refuse it; renew it");
        }
    }

    private @Nullable SSLContext context(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> anchors) {
        try {
            return JdkTls.context(key, chain, anchors);
        } catch (GeneralSecurityException | IOException e) {
            findings.error(
                    CERTIFICATE, quote(config.certificate()) + " cannot be served (" + e.getMessage() + ")", null);
            return null;
        }
    }
}
