package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * Reads certificates in PEM. Equal certificates become one object, so that thousands of identities share their
 * intermediates. Safe for use by any thread.
 */
final class CertificateFiles {
    private final CertificateFactory factory;
    private final Map<X509Certificate, X509Certificate> shared = new ConcurrentHashMap<>();

    CertificateFiles() {
        try {
            factory = CertificateFactory.getInstance("X.509");
        } catch (CertificateException e) {
            throw new IllegalStateException("every Java has X.509", e);
        }
    }

    /** The certificates of a file, in its order; other blocks are skipped. Empty where a problem was found instead. */
    List<X509Certificate> read(FileReference file, String key, Findings findings) {
        String text = TextFile.read(file, key, findings);
        if (text == null) {
            return List.of();
        }
        List<X509Certificate> certificates = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(text))) {
            for (PemObject block = reader.readPemObject(); block != null; block = reader.readPemObject()) {
                if (block.getType().equals("CERTIFICATE")) {
                    certificates.add(parse(block));
                }
            }
        } catch (IOException | CertificateException | RuntimeException e) {
            findings.error(
                    key,
                    "certificate " + (certificates.size() + 1) + " of " + quote(file) + " cannot be decoded",
                    "the file is damaged: copy it again");
            return List.of();
        }
        if (certificates.isEmpty()) {
            findings.error(key, quote(file) + " contains no certificate", hint(text));
        }
        return certificates;
    }

    private X509Certificate parse(PemObject block) throws CertificateException {
        var certificate = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.getContent()));
        X509Certificate known = shared.putIfAbsent(certificate, certificate);
        return known == null ? certificate : known;
    }

    private static String hint(String text) {
        if (text.contains("PRIVATE KEY-----")) {
            return "it holds a key, which belongs under \"key\"";
        }
        if (text.contains("-----BEGIN ")) {
            return "certificates stand between BEGIN CERTIFICATE and END CERTIFICATE";
        }
        return "only PEM is read; openssl x509 -inform DER converts";
    }
}
