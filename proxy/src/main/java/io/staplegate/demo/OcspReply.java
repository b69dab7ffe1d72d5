package io.staplegate.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
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
 * @param entries one for each certificate that it is about
 * @param embedded certificates to put beside the signature
 */
public record OcspReply(List<Entry> entries, Signer signer, List<X509Certificate> embedded) {

    /**
     * What it says of one certificate.
     *
     * @param status null: good
     * @param nextUpdate null: leaves it out
     */
    public record Entry(
            CertificateID certId,
            @Nullable CertificateStatus status,
            Instant thisUpdate,
            @Nullable Instant nextUpdate) {}

    /**
     * Who signs it, and how.
     *
     * @param algorithm as the JCA names it
     * @param byName whether the responder is named by name rather than by key (R13)
     */
    public record Signer(X509Certificate certificate, KeyPair keys, String algorithm, boolean byName) {}

    /** A good answer, signed by the issuer itself, named by key, with no certificate in it. */
    public static OcspReply good(CertificateID certId, Authority issuer, Instant thisUpdate, Duration validity) {
        Entry entry = new Entry(certId, null, thisUpdate, thisUpdate.plus(validity));
        String algorithm = Authority.signatureAlgorithm(issuer.keys());
        Signer signer = new Signer(issuer.certificate(), issuer.keys(), algorithm, false);
        return new OcspReply(List.of(entry), signer, List.of());
    }

    /** The CertID of a certificate: {@code sha256} or SHA-1. */
    public static CertificateID certId(X509Certificate certificate, X509Certificate issuer, boolean sha256) {
        return certId(certificate.getSerialNumber(), issuer, sha256);
    }

    /** The CertID of the certificate that an issuer has given this serial: {@code sha256} or SHA-1. */
    public static CertificateID certId(BigInteger serial, X509Certificate issuer, boolean sha256) {
        try {
            var digests = new JcaDigestCalculatorProviderBuilder().build();
            var hash = new AlgorithmIdentifier(
                    sha256 ? NISTObjectIdentifiers.id_sha256 : OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE);
            return new CertificateID(digests.get(hash), new JcaX509CertificateHolder(issuer), serial);
        } catch (OCSPException | OperatorCreationException | CertificateEncodingException e) {
            throw new IllegalStateException("no CertID for serial " + serial, e);
        }
    }

    /** The same about another certificate. */
    public OcspReply about(CertificateID other) {
        return each(entry -> new Entry(other, entry.status, entry.thisUpdate, entry.nextUpdate));
    }

    public OcspReply status(@Nullable CertificateStatus other) {
        return each(entry -> new Entry(entry.certId, other, entry.thisUpdate, entry.nextUpdate));
    }

    public OcspReply valid(Instant from, @Nullable Instant until) {
        return each(entry -> new Entry(entry.certId, entry.status, from, until));
    }

    /** This, and the entries of another (R12). */
    public OcspReply and(OcspReply other) {
        List<Entry> both = new ArrayList<>(entries);
        both.addAll(other.entries);
        return new OcspReply(List.copyOf(both), signer, embedded);
    }

    public OcspReply signedBy(X509Certificate other, KeyPair keys) {
        return new OcspReply(
                entries, new Signer(other, keys, Authority.signatureAlgorithm(keys), signer.byName), embedded);
    }

    /** Signed with another algorithm, as the JCA names it. */
    public OcspReply signedWith(String algorithm) {
        return new OcspReply(entries, new Signer(signer.certificate, signer.keys, algorithm, signer.byName), embedded);
    }

    public OcspReply namedByName() {
        return new OcspReply(entries, new Signer(signer.certificate, signer.keys, signer.algorithm, true), embedded);
    }

    public OcspReply embedding(X509Certificate... certificates) {
        return new OcspReply(entries, signer, List.of(certificates));
    }

    private OcspReply each(UnaryOperator<Entry> change) {
        return new OcspReply(entries.stream().map(change).toList(), signer, embedded);
    }

    /** The whole response in DER. */
    public byte[] encode() {
        try {
            var builder = new BasicOCSPRespBuilder(responderId());
            for (Entry entry : entries) {
                Date nextUpdate = entry.nextUpdate == null ? null : Date.from(entry.nextUpdate);
                builder.addResponse(entry.certId, entry.status, Date.from(entry.thisUpdate), nextUpdate, null);
            }
            var holders = new X509CertificateHolder[embedded.size()];
            for (int i = 0; i < holders.length; i++) {
                holders[i] = new JcaX509CertificateHolder(embedded.get(i));
            }
            var contentSigner = new JcaContentSignerBuilder(signer.algorithm).build(signer.keys.getPrivate());
            Date producedAt = Date.from(entries.getFirst().thisUpdate);
            OCSPResp response = new OCSPRespBuilder()
                    .build(OCSPRespBuilder.SUCCESSFUL, builder.build(contentSigner, holders, producedAt));
            return response.getEncoded();
        } catch (OCSPException | OperatorCreationException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot sign a response with " + signer.algorithm, e);
        }
    }

    private RespID responderId() throws OCSPException, OperatorCreationException {
        if (signer.byName) {
            return new RespID(X500Name.getInstance(
                    signer.certificate.getSubjectX500Principal().getEncoded()));
        }
        var digests = new JcaDigestCalculatorProviderBuilder().build();
        return new JcaRespID(signer.certificate.getPublicKey(), digests.get(RespID.HASH_SHA1));
    }
}
