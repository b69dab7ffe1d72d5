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

/** A file that the command line names. What cannot be read is a usage error. */
public final class InputFile {
    private static final int MAX_CERTIFICATES_BYTES = 1024 * 1024;

    private InputFile() {}

    /** The first bytes of a file, at most {@code limit}. */
    static byte[] bytes(Path file, int limit) throws CommandFailure {
        try (InputStream input = Files.newInputStream(file)) {
            return input.readNBytes(limit);
        } catch (IOException e) {
            String reason = CommandFailure.reason(e);
            throw new CommandFailure(Exit.USAGE, "cannot read \"" + file + "\" (" + reason + ")", null);
        }
    }

    /** The certificates in a file, in PEM or DER; one at least. */
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
}
