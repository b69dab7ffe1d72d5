package io.staplegate.identity;

import static io.staplegate.identity.Findings.describe;

import io.staplegate.identity.Identity.KeyType;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/** What the first certificate of a chain must be: a server's, with a key that devices can verify with. */
final class LeafRules {
    private static final String CONFIG_KEY = "certificate";
    private static final int MIN_RSA_BITS = 2048;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final List<ASN1ObjectIdentifier> CURVES =
            List.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1);

    private final List<X509Certificate> chain;
    private final X509Certificate leaf;
    private final Findings findings;

    LeafRules(List<X509Certificate> chain, Findings findings) {
        this.chain = chain;
        this.leaf = chain.getFirst();
        this.findings = findings;
    }

    void check() {
        checkKey();
        if (leaf.getBasicConstraints() >= 0) {
            findings.warning(
                    CONFIG_KEY,
                    describe(chain, 0) + " is a CA certificate",
                    "some devices refuse a server that presents one");
        }
        String lack = lackingUsage();
        if (lack != null) {
            findings.warning(
                    CONFIG_KEY,
                    describe(chain, 0) + " is not for TLS servers (it lacks " + lack + ")",
                    "devices refuse it");
        }
        if (Extensions.dnsNames(leaf).isEmpty()) {
            findings.warning(
                    CONFIG_KEY,
                    describe(chain, 0) + " has no DNS name (subject alternative name)",
                    "it is served only where it is the first identity of a listener");
        }
    }

    private void checkKey() {
        String complaint = complaint();
        if (complaint != null) {
            findings.error(
                    CONFIG_KEY,
                    describe(chain, 0) + " has " + complaint,
                    "use an EC key on P-256 or P-384, an RSA key of 2048 bits or more, or an Ed25519 key");
        }
    }

    /** What is wrong with the public key; null where nothing is. */
    private @Nullable String complaint() {
        AlgorithmIdentifier algorithm = SubjectPublicKeyInfo.getInstance(
                        leaf.getPublicKey().getEncoded())
                .getAlgorithm();
        return switch (KeyType.of(algorithm)) {
            case EC ->
                algorithm.getParameters() instanceof ASN1ObjectIdentifier curve && CURVES.contains(curve)
                        ? null
                        : "an EC key on an unsupported curve";
            case RSA ->
                leaf.getPublicKey() instanceof RSAPublicKey key
                                && key.getModulus().bitLength() < MIN_RSA_BITS
                        ? "a weak RSA key of " + key.getModulus().bitLength() + " bits"
                        : null;
            case ED25519 -> null;
            case null -> "a key of an unsupported type";
        };
    }

    /** The usage that a TLS server needs, and that the certificate excludes by naming others; null where it has all. */
    private @Nullable String lackingUsage() {
        boolean[] usage = leaf.getKeyUsage();
        if (usage != null && !usage[DIGITAL_SIGNATURE]) {
            return "the key usage digitalSignature";
        }
        List<String> purposes = Extensions.purposes(leaf);
        boolean serves = purposes.isEmpty()
                || purposes.contains(KeyPurposeId.id_kp_serverAuth.getId())
                || purposes.contains(KeyPurposeId.anyExtendedKeyUsage.getId());
        return serves ? null : "the extended key usage serverAuth";
    }
}
