package io.staplegate.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/** The files that options name. One that cannot be used is a usage error. */
public final class InputFile {
    private static final int MAX_CERTIFICATES_BYTES = 1024 * 1024;

    private InputFile() {}

    /** The certificates of a file in PEM or DER; at least one. */
    public static List<X509Certificate> certificates(Path file) throws CommandFailure {
        byte[] content = bytes(file, MAX_CERTIFICATES_BYTES);
        try {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (CertificateException e) {
            // Told below, with the same words as an empty file.
        }
        throw new CommandFailure(Exit.USAGE, "\"" + file + "\" holds no certificate in PEM or DER", null);
    }

    /** What a file begins with: at most {@code limit} bytes. */
    static byte[] bytes(Path file, int limit) throws CommandFailure {
        try (InputStream input = Files.newInputStream(file)) {
            return input.readNBytes(limit);
        } catch (IOException e) {
            throw new CommandFailure(
                    Exit.USAGE, "cannot read \"" + file + "\" (" + CommandFailure.reason(e) + ")", null);
        }
    }
}
