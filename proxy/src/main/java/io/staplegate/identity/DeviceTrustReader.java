package io.staplegate.identity;

import static io.staplegate.identity.Findings.describe;
import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.FileReference;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the CA certificates of {@code clientAuth}, and finds what is wrong with them. */
final class DeviceTrustReader {
    private static final String ANCHORS = "trustAnchors";
    private static final String INTERMEDIATES = "intermediates";

    private final CertificateFiles certificates = new CertificateFiles();
    private final Parentage parentage = new Parentage();
    private final Instant now;

    DeviceTrustReader(Instant now) {
        this.now = now;
    }

    /** Null where there is any error. */
    @Nullable
    DeviceTrust read(ClientAuthConfig config, Findings findings) {
        List<X509Certificate> anchors = read(config.trustAnchors(), ANCHORS, findings);
        List<X509Certificate> intermediates =
                config.intermediates() == null ? List.of() : read(config.intermediates(), INTERMEDIATES, findings);
        if (findings.hasError()) {
            return null;
        }
        checkParents(anchors, intermediates, findings);
        if (config.revocation().policy() != Policy.OFF) {
            config.revocation().crlFiles().forEach(file -> checkList(file, findings));
        }
        return DeviceTrust.of(config, anchors, intermediates);
    }

    private List<X509Certificate> read(FileReference file, String key, Findings findings) {
        List<X509Certificate> found =
                certificates.read(file, key, findings).stream().distinct().toList();
        for (int i = 0; i < found.size(); i++) {
            X509Certificate certificate = found.get(i);
            if (!ChainRules.isAuthority(certificate)) {
                findings.error(
                        key,
                        describe(found, i) + " of " + quote(file) + " is no CA certificate",
                        "name the CAs that issue the devices' certificates: a single device's cannot be trusted");
            }
            Instant start = certificate.getNotBefore().toInstant();
            Instant end = certificate.getNotAfter().toInstant();
            if (now.isAfter(end)) {
                findings.warning(
                        key,
                        describe(found, i) + " expired on " + ChainRules.date(end),
                        "devices below it are refused; renew it, or remove it");
            } else if (now.isBefore(start)) {
                findings.warning(
                        key,
                        describe(found, i) + " is not valid before " + ChainRules.date(start),
                        "devices below it are refused until then");
            }
        }
        return found;
    }

    /** Lists come and go while the proxy runs: one that is not there is no error. */
    private static void checkList(FileReference file, Findings findings) {
        if (!Files.isRegularFile(file.path()) || !Files.isReadable(file.path())) {
            findings.warning(
                    "revocation.crlFiles",
                    quote(file) + (Files.exists(file.path()) ? " cannot be read as a file" : " does not exist"),
                    "no revocation list comes from it as it is");
        }
    }

    private void checkParents(List<X509Certificate> anchors, List<X509Certificate> intermediates, Findings findings) {
        List<X509Certificate> known =
                Stream.concat(anchors.stream(), intermediates.stream()).toList();
        for (int i = 0; i < intermediates.size(); i++) {
            X509Certificate intermediate = intermediates.get(i);
            if (parentage.selfSigned(intermediate)) {
                findings.warning(
                        INTERMEDIATES,
                        describe(intermediates, i) + " is a root",
                        "it is not trusted here; move it to \"trustAnchors\" if devices below it are to be let in");
            } else if (parentage.issuerOf(intermediate, known) == null) {
                findings.warning(
                        INTERMEDIATES,
                        describe(intermediates, i) + " has no issuer among the CA certificates of this listener",
                        "devices below it are refused, unless they send the rest of the chain");
            }
        }
    }
}
