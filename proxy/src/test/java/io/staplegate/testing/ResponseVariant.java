package io.staplegate.testing;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.StatusBook;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Date;
import java.util.function.Function;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;

/** What a responder may make of an honest reply: the first three are as good, the others have one fault each. */
public enum ResponseVariant {
    HONEST(OcspReply::encode),
    BY_NAME(honest -> honest.namedByName().encode()),
    DELEGATED(honest -> delegated(honest, issuer(honest), delegate(honest).ocspSigning())),

    WRONG_SERIAL(honest -> honest.about(CertificateID.deriveCertificateID(certId(honest), BigInteger.TWO))
            .encode()),
    WRONG_ISSUER(honest -> {
        Authority stranger = stranger(honest);
        Issuance sameSerial = delegate(honest).serial(certId(honest).getSerialNumber());
        X509Certificate other = stranger.issue(sameSerial, stranger.keys().getPublic());
        return honest.about(OcspReply.certId(other, stranger.certificate(), false))
                .encode();
    }),
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

    private static CertificateID certId(OcspReply honest) {
        return honest.entries().getFirst().certId();
    }

    private static Instant day(OcspReply honest, int offset) {
        return honest.entries().getFirst().thisUpdate().plus(Duration.ofDays(offset));
    }
}
