package io.staplegate.testing;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.StatusBook;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;

/** What a responder may make of an honest reply: the first six are as good, the others have one fault each. */
public enum ResponseVariant {
    HONEST(OcspReply::encode),
    BY_NAME(honest -> honest.namedByName().encode()),
    DELEGATED(honest -> delegated(honest, issuer(honest), delegate(honest).ocspSigning())),

    /** Names the certificate by a hash that it may not have been asked by. */
    BY_SHA256(honest -> honest.about(bySha256(honest)).encode()),
    /** By both hashes at once (R12). */
    TWO_ENTRIES(honest -> honest.and(honest.about(bySha256(honest))).encode()),
    /** Of last night, and valid today. */
    OLDER(honest -> honest.valid(hours(honest, -12), hours(honest, 12)).encode()),

    WRONG_SERIAL(honest -> about(
            honest,
            id -> new CertID(
                    id.getHashAlgorithm(), id.getIssuerNameHash(), id.getIssuerKeyHash(), new ASN1Integer(2)))),
    WRONG_ISSUER_NAME(honest -> about(
            honest,
            id -> new CertID(
                    id.getHashAlgorithm(),
                    other(id.getIssuerNameHash()),
                    id.getIssuerKeyHash(),
                    id.getSerialNumber()))),
    WRONG_ISSUER_KEY(honest -> about(
            honest,
            id -> new CertID(
                    id.getHashAlgorithm(),
                    id.getIssuerNameHash(),
                    other(id.getIssuerKeyHash()),
                    id.getSerialNumber()))),
    /** The hashes are right, the algorithm beside them is not the one that made them. */
    WRONG_HASH(honest -> about(
            honest,
            id -> new CertID(
                    other(id.getHashAlgorithm()),
                    id.getIssuerNameHash(),
                    id.getIssuerKeyHash(),
                    id.getSerialNumber()))),
    SIGNED_BY_STRANGER(honest -> {
        Authority stranger = stranger(honest);
        return honest.signedBy(stranger.certificate(), stranger.keys())
                .embedding(stranger.certificate())
                .encode();
    }),
    DELEGATED_WITHOUT_EKU(
            honest -> delegated(honest, issuer(honest), delegate(honest).serverAuth())),
    DELEGATED_BY_STRANGER(
            honest -> delegated(honest, stranger(honest), delegate(honest).ocspSigning())),
    DELEGATE_EXPIRED(honest -> delegated(
            honest, issuer(honest), delegate(honest).ocspSigning().valid(day(honest, -2), Duration.ofDays(1)))),
    BAD_SIGNATURE(honest -> {
        byte[] der = honest.encode();
        der[der.length - 1] ^= 1;
        return der;
    }),
    SHA1_SIGNATURE(honest -> honest.signedWith("SHA1withECDSA").encode()),

    FUTURE(honest -> honest.valid(day(honest, 1), day(honest, 2)).encode()),
    STALE(honest -> honest.valid(day(honest, -2), day(honest, -1)).encode()),
    NO_NEXT_UPDATE(honest -> honest.valid(day(honest, 0), null).encode()),

    REVOKED(honest -> honest.status(new RevokedStatus(Date.from(day(honest, -1)), CRLReason.keyCompromise))
            .encode()),
    UNKNOWN(honest -> honest.status(new UnknownStatus()).encode()),

    TRY_LATER(_ -> StatusBook.error(OCSPRespBuilder.TRY_LATER)),
    INTERNAL_ERROR(_ -> StatusBook.error(OCSPRespBuilder.INTERNAL_ERROR)),
    UNAUTHORIZED(_ -> StatusBook.error(OCSPRespBuilder.UNAUTHORIZED)),
    SIG_REQUIRED(_ -> StatusBook.error(OCSPRespBuilder.SIG_REQUIRED)),
    MALFORMED_REQUEST(_ -> StatusBook.error(OCSPRespBuilder.MALFORMED_REQUEST)),
    /** A whole HTTP response with half an OCSP response in it. */
    CUT_SHORT(honest -> {
        byte[] der = honest.encode();
        return Arrays.copyOf(der, der.length / 2);
    }),
    OVERSIZE(honest -> honest.embedding(
                    Collections.nCopies(400, honest.signer().certificate()).toArray(X509Certificate[]::new))
            .encode());

    @SuppressWarnings("ImmutableEnumChecker") // these lambdas capture nothing
    private final Function<OcspReply, byte[]> making;

    ResponseVariant(Function<OcspReply, byte[]> making) {
        this.making = making;
    }

    /**
     * The variant in DER.
     *
     * @param honest a reply with a P-256 signature of the issuer itself, thisUpdate being now
     */
    public byte[] of(OcspReply honest) {
        return making.apply(honest);
    }

    /** The reply signed by a delegate, whose certificate is in it. */
    public static byte[] delegated(OcspReply honest, Authority issuer, Issuance delegate) {
        KeyPair keys = Authority.newKeys("EC");
        X509Certificate certificate = issuer.issue(delegate, keys.getPublic());
        return honest.signedBy(certificate, keys).embedding(certificate).encode();
    }

    private static Authority issuer(OcspReply honest) {
        OcspReply.Signer signer = honest.signer();
        return Authority.of(signer.certificate(), signer.keys().getPrivate());
    }

    private static Authority stranger(OcspReply honest) {
        return Authority.root("Stranger", day(honest, -1), Duration.ofDays(10));
    }

    private static Issuance delegate(OcspReply honest) {
        return Issuance.named("Responder").valid(day(honest, -1), Duration.ofDays(10));
    }

    private static byte[] about(OcspReply honest, UnaryOperator<CertID> change) {
        CertID changed = change.apply(certId(honest).toASN1Primitive());
        return honest.about(new CertificateID(changed)).encode();
    }

    private static ASN1OctetString other(ASN1OctetString hash) {
        byte[] octets = hash.getOctets().clone();
        octets[0] ^= 1;
        return new DEROctetString(octets);
    }

    private static AlgorithmIdentifier other(AlgorithmIdentifier hash) {
        boolean sha1 = hash.getAlgorithm().equals(OIWObjectIdentifiers.idSHA1);
        return new AlgorithmIdentifier(
                sha1 ? NISTObjectIdentifiers.id_sha256 : OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE);
    }

    private static CertificateID bySha256(OcspReply honest) {
        return OcspReply.certId(
                certId(honest).getSerialNumber(), honest.signer().certificate(), true);
    }

    private static CertificateID certId(OcspReply honest) {
        return honest.entries().getFirst().certId();
    }

    private static Instant day(OcspReply honest, int offset) {
        return hours(honest, 24 * offset);
    }

    private static Instant hours(OcspReply honest, int offset) {
        return honest.entries().getFirst().thisUpdate().plus(Duration.ofHours(offset));
    }
}
