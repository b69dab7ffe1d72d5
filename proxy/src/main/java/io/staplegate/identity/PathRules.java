package io.staplegate.identity;

import io.staplegate.telemetry.PathFault;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    /** P-256, P-384 and P-521: those that TLS 1.3 can sign with (RFC 8446 §4.2.3), and that every provider has. */
    private static final List<ECParameterSpec> CURVES = Stream.of("secp256r1", "secp384r1", "secp521r1")
            .map(PathRules::curve)
            .toList();

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
            case ECPublicKey ec -> CURVES.stream().noneMatch(curve -> isSame(curve, ec.getParams()));
            case EdECPublicKey _ -> false;
            default -> true;
        };
    }

    private static boolean isSame(ECParameterSpec one, ECParameterSpec other) {
        return one.getCurve().equals(other.getCurve())
                && one.getGenerator().equals(other.getGenerator())
                && one.getOrder().equals(other.getOrder())
                && one.getCofactor() == other.getCofactor();
    }

    private static ECParameterSpec curve(String name) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(name));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + name, e);
        }
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
        } catch (IllegalArgumentException | IllegalStateException e) {
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
