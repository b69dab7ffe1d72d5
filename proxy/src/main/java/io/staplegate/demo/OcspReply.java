package io.staplegate.demo;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.jcajce.JcaRespID;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What an OCSP response shall say, and who signs it. Immutable: each method returns another.
 *
 * @param certId what it is about
 * @param status null: good
 * @param thisUpdate from when on it holds
 * @param nextUpdate until when it holds; null: leaves it out
 * @param signer the certificate of whoever signs
 * @param signerKeys its keys
 * @param byName whether the responder is named by name rather than by key (R13)
 * @param embedded certificates to put beside the signature
 */
public record OcspReply(
        CertificateID certId,
        @Nullable CertificateStatus status,
        Instant thisUpdate,
        @Nullable Instant nextUpdate,
        X509Certificate signer,
        KeyPair signerKeys,
        boolean byName,
        List<X509Certificate> embedded) {

    /** A good answer, signed by the issuer itself, named by key, with no certificate in it. */
    public static OcspReply good(CertificateID certId, Authority issuer, Instant thisUpdate, Duration validity) {
        return new OcspReply(
                certId,
                null,
                thisUpdate,
                thisUpdate.plus(validity),
                issuer.certificate(),
                issuer.keys(),
                false,
                List.of());
    }

    /** The CertID of a certificate: {@code sha256} or SHA-1. */
    public static CertificateID certId(X509Certificate certificate, X509Certificate issuer, boolean sha256) {
        try {
            var digests = new JcaDigestCalculatorProviderBuilder().build();
            var hash = new AlgorithmIdentifier(
                    sha256 ? NISTObjectIdentifiers.id_sha256 : OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE);
            return new CertificateID(
                    digests.get(hash), new JcaX509CertificateHolder(issuer), certificate.getSerialNumber());
        } catch (OCSPException | OperatorCreationException | CertificateEncodingException e) {
            throw new IllegalStateException("no CertID for " + certificate.getSubjectX500Principal(), e);
        }
    }

    public OcspReply status(CertificateStatus other) {
        return new OcspReply(certId, other, thisUpdate, nextUpdate, signer, signerKeys, byName, embedded);
    }

    public OcspReply valid(Instant from, @Nullable Instant until) {
        return new OcspReply(certId, status, from, until, signer, signerKeys, byName, embedded);
    }

    public OcspReply signedBy(X509Certificate other, KeyPair keys) {
        return new OcspReply(certId, status, thisUpdate, nextUpdate, other, keys, byName, embedded);
    }

    public OcspReply namedByName() {
        return new OcspReply(certId, status, thisUpdate, nextUpdate, signer, signerKeys, true, embedded);
    }

    public OcspReply embedding(X509Certificate... certificates) {
        return new OcspReply(certId, status, thisUpdate, nextUpdate, signer, signerKeys, byName, List.of(certificates));
    }

    /** The whole response in DER. */
    public byte[] encode() {
        try {
            var builder = new BasicOCSPRespBuilder(responderId());
            builder.addResponse(
                    certId, status, Date.from(thisUpdate), nextUpdate == null ? null : Date.from(nextUpdate), null);
            var holders = new X509CertificateHolder[embedded.size()];
            for (int i = 0; i < holders.length; i++) {
                holders[i] = new JcaX509CertificateHolder(embedded.get(i));
            }
            var contentSigner = new JcaContentSignerBuilder(Authority.signatureAlgorithm(signerKeys))
                    .build(signerKeys.getPrivate());
            var basic = builder.build(contentSigner, holders, Date.from(thisUpdate));
            OCSPResp response = new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, basic);
            return response.getEncoded();
        } catch (OCSPException | OperatorCreationException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot sign a response for " + certId.getSerialNumber(), e);
        }
    }

    private RespID responderId() throws OCSPException, OperatorCreationException {
        if (byName) {
            return new RespID(
                    X500Name.getInstance(signer.getSubjectX500Principal().getEncoded()));
        }
        var digests = new JcaDigestCalculatorProviderBuilder().build();
        return new JcaRespID(signer.getPublicKey(), digests.get(RespID.HASH_SHA1));
    }
}
