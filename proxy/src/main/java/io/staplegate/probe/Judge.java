package io.staplegate.probe;

import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies what a server presented as a strict device would: the chain up to a trusted CA (RFC 5280 §6), and every
 * staple with nothing but the chain as sent and that CA (R55). Revocation is what the staples say; names are not
 * compared.
 *
 * @param trusted CA certificates; empty: the topmost certificate of each chain, whose own staple is then not judged
 */
public record Judge(Set<X509Certificate> trusted, OcspValidator validator) {
    /** Judges as of a moment. */
    public Judgement judge(Presented presented, Instant at) {
        List<X509Certificate> chain = presented.chain();
        Collection<X509Certificate> anchors = trusted.isEmpty() ? List.of(chain.getLast()) : trusted;
        Map<X509Certificate, X509Certificate> issuers = new HashMap<>();
        String fault = null;
        try {
            issuers.putAll(issuersOnPath(chain, anchors, at));
        } catch (CertPathBuilderException e) {
            fault = String.valueOf(e.getMessage());
        }
        List<@Nullable Verdict> verdicts = new ArrayList<>();
        for (int position = 0; position < chain.size(); position++) {
            X509Certificate certificate = chain.get(position);
            byte[] staple = presented.staples().get(position);
            X509Certificate issuer = issuers.get(certificate);
            verdicts.add(staple == null || issuer == null ? null : validator.judge(staple, certificate, issuer, at));
        }
        return new Judgement(fault, Collections.unmodifiableList(verdicts));
    }

    /** Who issued whom, on the way from the leaf to a trusted certificate. */
    private static Map<X509Certificate, X509Certificate> issuersOnPath(
            List<X509Certificate> chain, Collection<X509Certificate> anchors, Instant at)
            throws CertPathBuilderException {
        PKIXCertPathBuilderResult result = path(chain, anchors, at);
        Map<X509Certificate, X509Certificate> issuers = new HashMap<>();
        X509Certificate issuer = result.getTrustAnchor().getTrustedCert();
        for (var certificate : result.getCertPath().getCertificates().reversed()) {
            X509Certificate issued = (X509Certificate) certificate;
            issuers.put(issued, issuer);
            issuer = issued;
        }
        return issuers;
    }

    private static PKIXCertPathBuilderResult path(
            List<X509Certificate> chain, Collection<X509Certificate> anchors, Instant at)
            throws CertPathBuilderException {
        X509CertSelector leaf = new X509CertSelector();
        leaf.setCertificate(chain.getFirst());
        try {
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    anchors.stream()
                            .map(anchor -> new TrustAnchor(anchor, null))
                            .collect(Collectors.toSet()),
                    leaf);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            return (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (CertPathBuilderException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java builds paths", e);
        }
    }
}
