package io.staplegate.testing;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.PKIXRevocationChecker.Option;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultSignatureNameFinder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * What strict devices make of a staple: two of them, who share no code with the proxy's validator. One is written from
 * RFC 6960 §3.2 with Bouncy Castle, the other is the JDK's own PKIX check.
 *
 * @param certificate that the staple is about
 * @param issuer who issued it; trusted
 */
public record StapleJudge(X509Certificate certificate, X509Certificate issuer) {
    private static final DigestCalculatorProvider DIGESTS = digests();

    /** {@code good}, {@code revoked}, or what speaks against the staple, in the words of who found it. */
    public String judge(byte[] staple, Instant at) {
        try {
            String byTheRfc = byTheRfc(staple, at);
            String byTheJdk = isNamedBySha1(staple) ? byTheJdk(staple, at) : byTheRfc;
            return byTheRfc.equals(byTheJdk) ? byTheRfc : "RFC 6960: " + byTheRfc + "; JDK: " + byTheJdk;
        } catch (Exception e) {
            return "not readable: " + e;
        }
    }

    /** The JDK knows no other CertIDs. */
    private static boolean isNamedBySha1(byte[] staple) throws Exception {
        BasicOCSPResp basic = (BasicOCSPResp) new OCSPResp(staple).getResponseObject();
        return Stream.of(basic.getResponses())
                .anyMatch(single -> single.getCertID().getHashAlgOID().equals(OIWObjectIdentifiers.idSHA1));
    }

    /** RFC 6960 §3.2, in its order: about the certificate, signed, by whom, and when. */
    private String byTheRfc(byte[] staple, Instant at) throws Exception {
        OCSPResp response = new OCSPResp(staple);
        if (response.getStatus() != OCSPResp.SUCCESSFUL) {
            return "no answer, status " + response.getStatus();
        }
        BasicOCSPResp basic = (BasicOCSPResp) response.getResponseObject();
        X509CertificateHolder authority = new JcaX509CertificateHolder(issuer);
        List<SingleResp> about = Stream.of(basic.getResponses())
                .filter(single -> isAbout(single, authority))
                .toList();
        if (about.isEmpty()) {
            return "about another certificate";
        }
        if (!isSigned(basic, authority, at)) {
            return "not signed by whom it has to be";
        }
        if (about.stream().anyMatch(single -> single.getThisUpdate().toInstant().isAfter(at))) {
            return "not valid yet";
        }
        if (about.stream().anyMatch(single -> hasEnded(single, at))) {
            return "expired";
        }
        if (about.stream().anyMatch(single -> single.getCertStatus() instanceof RevokedStatus)) {
            return "revoked";
        }
        boolean good = about.stream().allMatch(single -> single.getCertStatus() == null); // Bouncy Castle's good
        return good ? "good" : "unknown";
    }

    private static boolean hasEnded(SingleResp single, Instant at) {
        return single.getNextUpdate() == null
                || single.getNextUpdate().toInstant().isBefore(at);
    }

    private boolean isAbout(SingleResp single, X509CertificateHolder authority) {
        try {
            return single.getCertID().getSerialNumber().equals(certificate.getSerialNumber())
                    && single.getCertID().matchesIssuer(authority, DIGESTS);
        } catch (Exception e) {
            return false; // by a hash that nobody has
        }
    }

    private static boolean isSigned(BasicOCSPResp basic, X509CertificateHolder authority, Instant at) throws Exception {
        String algorithm = new DefaultSignatureNameFinder().getAlgorithmName(basic.getSignatureAlgorithmID());
        if (algorithm.contains("SHA1") || algorithm.contains("MD5")) {
            return false;
        }
        if (basic.isSignatureValid(keyOf(authority))) {
            return true;
        }
        for (X509CertificateHolder delegate : basic.getCerts()) {
            if (basic.isSignatureValid(keyOf(delegate))) {
                return delegate.getIssuer().equals(authority.getSubject())
                        && delegate.isSignatureValid(keyOf(authority))
                        && delegate.isValidOn(Date.from(at))
                        && maySignOcsp(delegate);
            }
        }
        return false;
    }

    private static boolean maySignOcsp(X509CertificateHolder delegate) {
        ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(delegate.getExtensions());
        return usage != null && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning);
    }

    private static ContentVerifierProvider keyOf(X509CertificateHolder certificate) throws Exception {
        return new JcaContentVerifierProviderBuilder().build(certificate);
    }

    private String byTheJdk(byte[] staple, Instant at) throws GeneralSecurityException {
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOptions(EnumSet.of(Option.NO_FALLBACK));
        checker.setOcspResponses(Map.of(certificate, staple));
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(issuer, null)));
        parameters.addCertPathChecker(checker);
        parameters.setDate(Date.from(at));
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate));
        try {
            validator.validate(path, parameters);
            return "good";
        } catch (CertPathValidatorException e) {
            return e.getReason() == BasicReason.REVOKED ? "revoked" : String.valueOf(e.getMessage());
        }
    }

    private static DigestCalculatorProvider digests() {
        try {
            return new JcaDigestCalculatorProviderBuilder().build();
        } catch (Exception e) {
            throw new IllegalStateException("no digests in this JVM", e);
        }
    }
}
