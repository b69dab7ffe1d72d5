package io.staplegate.testing;

import io.staplegate.demo.Authority;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA of devices for tests, which issues everything that it is told to, right or wrong. */
public final class DeviceAuthority {
    private static final BouncyCastleProvider PROVIDER = new BouncyCastleProvider();

    private final List<X509Certificate> chain;
    private final KeyPair keys;

    private DeviceAuthority(List<X509Certificate> chain, KeyPair keys) {
        this.chain = chain;
        this.keys = keys;
    }

    /**
     * A device, or whoever poses as one.
     *
     * @param chain its own certificate first; without the root's
     */
    public record Holder(List<X509Certificate> chain, KeyPair keys) {
        /** The same with another chain. */
        public Holder with(List<X509Certificate> other) {
            return new Holder(other, keys);
        }

        /** With its own certificate alone. */
        public Holder alone() {
            return with(chain.subList(0, 1));
        }
    }

    /** What a certificate shall say. */
    public static final class Draft {
        private final Instant now = Instant.now();
        private final Map<String, Extension> extensions = new TreeMap<>();
        private X500Principal subject;
        private KeyPair keys;
        private String digest = "SHA256";
        private Instant start = now.minus(Duration.ofDays(10));
        private Instant end = now.plus(Duration.ofDays(10));

        private Draft(String commonName, KeyPair keys) {
            this.subject = new X500Principal("CN=" + commonName);
            this.keys = keys;
        }

        public Draft subject(String name) {
            subject = new X500Principal(name);
            return this;
        }

        public Draft keys(KeyPair other) {
            keys = other;
            return this;
        }

        /** Of the signature on it. */
        public Draft digest(String name) {
            digest = name;
            return this;
        }

        public Draft valid(Duration from, Duration to) {
            start = now.plus(from);
            end = now.plus(to);
            return this;
        }

        public Draft usage(int bits) {
            return with(Extension.keyUsage, true, new KeyUsage(bits));
        }

        public Draft purposes(KeyPurposeId... purposes) {
            return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        }

        /** {@code below}: how many CAs may be below it. */
        public Draft authority(int below) {
            return with(Extension.basicConstraints, true, new BasicConstraints(below));
        }

        public Draft without(ASN1ObjectIdentifier extension) {
            extensions.remove(extension.getId());
            return this;
        }

        public Draft with(ASN1ObjectIdentifier name, boolean critical, ASN1Encodable value) {
            try {
                extensions.put(name.getId(), Extension.create(name, critical, value));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return this;
        }
    }

    /** A root with a P-256 key. */
    public static DeviceAuthority root(String name) {
        return root(name, draft -> {});
    }

    /** A root, altered. */
    public static DeviceAuthority root(String name, Consumer<Draft> change) {
        Draft draft = authority(name);
        change.accept(draft);
        return new DeviceAuthority(List.of(sign(draft, draft.subject, draft.keys)), draft.keys);
    }

    /** A CA below this one. */
    public DeviceAuthority subordinate(String name) {
        return subordinate(name, draft -> {});
    }

    /** A CA below this one, altered. */
    public DeviceAuthority subordinate(String name, Consumer<Draft> change) {
        Draft draft = authority(name);
        change.accept(draft);
        return new DeviceAuthority(below(draft), draft.keys);
    }

    /** A device that nothing is wrong with. */
    public Holder device(String name) {
        return device(name, draft -> {});
    }

    /** A device, altered. */
    public Holder device(String name, Consumer<Draft> change) {
        Draft draft = new Draft(name, Authority.newKeys("EC"))
                .with(Extension.basicConstraints, true, new BasicConstraints(false))
                .usage(KeyUsage.digitalSignature)
                .purposes(KeyPurposeId.id_kp_clientAuth);
        change.accept(draft);
        List<X509Certificate> path = below(draft);
        return new Holder(path.subList(0, path.size() - 1), draft.keys);
    }

    /** The certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /** The keys of the certificate. */
    public KeyPair keys() {
        return keys;
    }

    private static Draft authority(String name) {
        return new Draft(name, Authority.newKeys("EC"))
                .with(Extension.basicConstraints, true, new BasicConstraints(true))
                .usage(KeyUsage.keyCertSign | KeyUsage.cRLSign);
    }

    private List<X509Certificate> below(Draft draft) {
        List<X509Certificate> path = new ArrayList<>();
        path.add(sign(draft, certificate().getSubjectX500Principal(), keys));
        path.addAll(chain);
        return path;
    }

    private static X509Certificate sign(Draft draft, X500Principal issuer, KeyPair signer) {
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(63, new SecureRandom()),
                Date.from(draft.start),
                Date.from(draft.end),
                draft.subject,
                draft.keys.getPublic());
        try {
            var identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    identifiers.createSubjectKeyIdentifier(draft.keys.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    identifiers.createAuthorityKeyIdentifier(signer.getPublic()));
            for (Extension extension : draft.extensions.values()) {
                builder.addExtension(extension);
            }
            String algorithm = draft.digest + "with" + (isRsa(signer) ? "RSA" : "ECDSA");
            var contentSigner =
                    new JcaContentSignerBuilder(algorithm).setProvider(PROVIDER).build(signer.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(contentSigner));
        } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isRsa(KeyPair keys) {
        return keys.getPublic().getAlgorithm().equals("RSA");
    }
}
