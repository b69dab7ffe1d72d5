package io.staplegate.ocsp;

import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads revocation lists of any size for what they say of single certificates, and verifies them on the way (RFC 5280
 * §5 and §6.3.3). The entries are never objects all at once: besides the result, it takes less than a megabyte.
 *
 * @param clockSkew how far in the future a thisUpdate may be
 */
public record CrlReader(Duration clockSkew) {
    private static final int CRL_SIGN = 6;

    /** EdDSA hashes what is signed once the signature is known, so all of it is held in memory. */
    private static final long MOST_FOR_EDDSA = 32L * 1024 * 1024;

    /**
     * Reads one list. Never throws, whatever comes.
     *
     * @param in DER
     * @param issuer trusted
     * @param mostBytes that the result may take in memory
     */
    public CrlReading read(InputStream in, X509Certificate issuer, Instant at, long mostBytes) {
        try {
            return new CrlReading.Verified(verified(new CrlInput(in), issuer, at, mostBytes));
        } catch (CrlRefused e) {
            return new CrlReading.Unusable(List.of(e.reason()));
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle reports malformed structures by RuntimeExceptions of many kinds, too.
            String text = "not a well-formed revocation list (" + e.getMessage() + ")";
            return new CrlReading.Unusable(List.of(new Reason(Code.MALFORMED, text)));
        }
    }

    /** Who a list says that it is of, which nothing proves; null: it is no list. */
    public static @Nullable X500Principal issuer(InputStream in) {
        try {
            return CrlContent.open(new CrlInput(in)).content().issuer();
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private Crl verified(CrlInput input, X509Certificate issuer, Instant at, long mostBytes)
            throws IOException, CrlRefused {
        CrlContent.Outer list = CrlContent.open(input);
        CrlContent content = list.content();
        demandSigner(content.issuer(), issuer);
        Signature verifier = verifier(content.algorithm(), issuer);
        input.verifyWith(verifier, issuer.getPublicKey() instanceof EdECKey ? MOST_FOR_EDDSA : Long.MAX_VALUE);

        CrlContent.Validity validity = content.validity();
        if (Duration.between(at, validity.thisUpdate()).compareTo(clockSkew) > 0) {
            throw new CrlRefused(Code.NOT_YET_VALID, "thisUpdate " + validity.thisUpdate() + " is in the future");
        }
        Instant nextUpdate = validity.nextUpdate();
        if (nextUpdate == null) {
            throw new CrlRefused(Code.NO_NEXT_UPDATE, "nextUpdate is missing");
        }
        RevokedSerials.Collector serials = content.entries(mostBytes);
        CrlExtensions extensions = content.extensions();
        list.endContent();
        demandSignature(list, content.algorithm(), verifier);
        demandKind(extensions, issuer);
        IssuingDistributionPoint point = extensions.point();
        return new Crl(
                validity.thisUpdate(),
                nextUpdate,
                extensions.number(),
                extensions.base(),
                point == null ? CrlScope.ALL : CrlScope.of(point),
                extensions.deltas(),
                serials.seal());
    }

    private static void demandSigner(X500Principal named, X509Certificate issuer) throws CrlRefused {
        X500Principal name = issuer.getSubjectX500Principal();
        boolean[] usage = issuer.getKeyUsage();
        if (!named.equals(name)) {
            throw new CrlRefused(Code.UNAUTHORIZED_SIGNER, "the list is of " + named + ", not of " + name);
        }
        if (usage != null && !usage[CRL_SIGN]) {
            throw new CrlRefused(Code.UNAUTHORIZED_SIGNER, "the CA's certificate is not for signing lists");
        }
    }

    private static Signature verifier(AlgorithmIdentifier algorithm, X509Certificate issuer)
            throws CrlRefused, IOException {
        Optional<Reason> weakness = Signatures.weakness(algorithm, issuer.getPublicKey());
        if (weakness.isPresent()) {
            throw new CrlRefused(weakness.get());
        }
        try {
            return Signatures.verifier(algorithm, issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new CrlRefused(Code.BAD_SIGNATURE, "the signature cannot be verified");
        }
    }

    private static void demandSignature(CrlContent.Outer list, AlgorithmIdentifier algorithm, Signature verifier)
            throws IOException, CrlRefused {
        if (!list.algorithm().equals(algorithm)) {
            throw new CrlRefused(Code.MALFORMED, "it names two signature algorithms (RFC 5280 §5.1.1.2)");
        }
        ASN1BitString signature = list.signature();
        list.end();
        try {
            if (verifier.verify(signature.getOctets())) {
                return;
            }
        } catch (SignatureException e) {
            // Not even of the right form.
        }
        throw new CrlRefused(Code.BAD_SIGNATURE, "the signature does not verify");
    }

    private static void demandKind(CrlExtensions extensions, X509Certificate issuer) throws CrlRefused, IOException {
        if (!extensions.notUnderstood().isEmpty()) {
            throw new CrlRefused(
                    Code.UNSUPPORTED,
                    "the critical extension "
                            + extensions.notUnderstood().iterator().next() + " is not understood");
        }
        IssuingDistributionPoint point = extensions.point();
        if (point != null && point.isIndirectCRL()) {
            throw new CrlRefused(Code.UNSUPPORTED, "it is an indirect list");
        }
        if (point != null && point.getOnlySomeReasons() != null) {
            throw new CrlRefused(Code.UNSUPPORTED, "it is for some reasons only");
        }
        if (extensions.base() != null && extensions.number() == null) {
            throw new CrlRefused(Code.MALFORMED, "it is a delta list without a number (RFC 5280 §5.2.3)");
        }
        byte[] keyId = extensions.keyId();
        byte[] ownId = keyId(issuer);
        if (keyId != null && ownId != null && !Arrays.equals(keyId, ownId)) {
            throw new CrlRefused(Code.UNAUTHORIZED_SIGNER, "it names another key of the CA");
        }
    }

    private static byte @Nullable [] keyId(X509Certificate issuer) throws IOException {
        byte[] octets = issuer.getExtensionValue(Extension.subjectKeyIdentifier.getId());
        return octets == null
                ? null
                : ASN1OctetString.getInstance(JcaX509ExtensionUtils.parseExtensionValue(octets))
                        .getOctets();
    }
}
