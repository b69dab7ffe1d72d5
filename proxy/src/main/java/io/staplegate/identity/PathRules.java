package io.staplegate.identity;

import io.staplegate.telemetry.PathFault;
import java.security.PublicKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

/**
 * What the JDK's validator does not ask of each certificate below the trust anchor: that its key and the digest under
 * it are strong, and that a CA that names purposes names that of a TLS client (as OpenSSL and Go have it, too).
 *
 * <p>It also bounds the search: a device could send certificates among which thousands of ways lead nowhere.
 */
final class PathRules extends PKIXCertPathChecker {
    /** Certificates that may be looked at for one device. The search goes twice over the same five in vain. */
    private static final int MOST_LOOKS = 64;

    private static final int MIN_RSA_BITS = 2048;
    private static final int MIN_EC_BITS = 224;
    private static final Pattern WEAK_DIGEST = Pattern.compile("(?i)(MD2|MD5|SHA-?1)with.*");
    private static final List<String> PURPOSES =
            List.of(KeyPurposeId.id_kp_clientAuth.getId(), KeyPurposeId.anyExtendedKeyUsage.getId());

    private final AtomicInteger looks = new AtomicInteger(); // shared by the validator's clones

    /** Rules for one search. */
    PathRules() {}

    /** What a certificate does not comply with; null where it does. */
    static @Nullable PathFault fault(X509Certificate certificate) {
        if (isWeak(certificate.getPublicKey()) || hasWeakDigest(certificate)) {
            return PathFault.WEAK;
        }
        List<String> purposes = Extensions.purposes(certificate);
        boolean authenticates = purposes.isEmpty() || purposes.stream().anyMatch(PURPOSES::contains);
        return authenticates ? null : PathFault.WRONG_USAGE;
    }

    private static boolean isWeak(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> rsa.getModulus().bitLength() < MIN_RSA_BITS;
            case ECPublicKey ec -> ec.getParams().getOrder().bitLength() < MIN_EC_BITS;
            case EdECPublicKey _ -> false;
            default -> true;
        };
    }

    private static boolean hasWeakDigest(X509Certificate certificate) {
        if (certificate.getSigAlgOID().equals(PKCSObjectIdentifiers.id_RSASSA_PSS.getId())) {
            return hasWeakDigest(certificate.getSigAlgParams());
        }
        return WEAK_DIGEST.matcher(certificate.getSigAlgName()).matches();
    }

    /** {@code pss}: parameters of RSASSA-PSS (RFC 4055 §3.1), of which SHA-1 is the default. */
    private static boolean hasWeakDigest(byte @Nullable [] pss) {
        try {
            return pss == null
                    || RSASSAPSSparams.getInstance(pss)
                            .getHashAlgorithm()
                            .getAlgorithm()
                            .equals(OIWObjectIdentifiers.idSHA1);
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    @Override
    public void check(Certificate certificate, Collection<String> unresolved) throws CertPathValidatorException {
        if (looks.incrementAndGet() > MOST_LOOKS) {
            throw new CertPathValidatorException("too many certificates to choose from");
        }
        if (certificate instanceof X509Certificate x509 && fault(x509) != null) {
            throw new CertPathValidatorException("the certificate does not comply: " + fault(x509));
        }
    }

    @Override
    public void init(boolean forward) {}

    @Override
    public boolean isForwardCheckingSupported() {
        return true;
    }

    @Override
    public @Nullable Set<String> getSupportedExtensions() {
        return null;
    }
}
