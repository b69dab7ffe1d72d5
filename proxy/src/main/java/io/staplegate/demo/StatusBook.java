package io.staplegate.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What authorities say of the certificates that they issued: good, unless something else was written down. May be read
 * and written by any thread.
 */
public final class StatusBook {
    private static final DigestCalculatorProvider DIGESTS = digests();

    private final Duration validity;
    private final InstantSource clock;
    private final List<Authority> authorities = new CopyOnWriteArrayList<>();
    private final Map<Serial, CertificateStatus> exceptions = new ConcurrentHashMap<>();

    private record Serial(X500Principal issuer, BigInteger number) {
        static Serial of(X509Certificate certificate) {
            return new Serial(certificate.getIssuerX500Principal(), certificate.getSerialNumber());
        }
    }

    /**
     * An empty book.
     *
     * @param validity of each answer, from thisUpdate to nextUpdate
     */
    public StatusBook(Duration validity, InstantSource clock) {
        this.validity = validity;
        this.clock = clock;
    }

    /** From now on this authority answers for what it issued. */
    public StatusBook open(Authority authority) {
        authorities.add(authority);
        return this;
    }

    public void revoke(X509Certificate certificate) {
        exceptions.put(Serial.of(certificate), new RevokedStatus(Date.from(clock.instant()), CRLReason.keyCompromise));
    }

    /** From now on the certificate is unknown. */
    public void forget(X509Certificate certificate) {
        exceptions.put(Serial.of(certificate), new UnknownStatus());
    }

    /** From now on the certificate is good again. */
    public void restore(X509Certificate certificate) {
        exceptions.remove(Serial.of(certificate));
    }

    /** The response in DER to a request in DER: one CertID, by SHA-1 or by another hash. */
    public byte[] answer(byte[] request) {
        return asked(request)
                .map(asked -> reply(asked).map(OcspReply::encode).orElseGet(() -> error(OCSPRespBuilder.UNAUTHORIZED)))
                .orElseGet(() -> error(OCSPRespBuilder.MALFORMED_REQUEST));
    }

    /** What a request asks about; empty: it is not one, or asks about several. */
    public static Optional<CertificateID> asked(byte[] request) {
        try {
            Req[] asked = new OCSPReq(request).getRequestList();
            return asked.length == 1 ? Optional.of(asked[0].getCertID()) : Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // Bouncy Castle reports malformed requests by either
        }
    }

    /** What the issuer of a certificate says of it; empty: no authority here issued it. */
    public Optional<OcspReply> reply(CertificateID asked) {
        return authorities.stream()
                .filter(authority -> isIssuer(authority, asked))
                .findFirst()
                .map(authority -> OcspReply.good(asked, authority, clock.instant(), validity)
                        .status(status(authority, asked)));
    }

    private static DigestCalculatorProvider digests() {
        try {
            return new JcaDigestCalculatorProviderBuilder().build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("no digests in this JVM", e);
        }
    }

    private static boolean isIssuer(Authority authority, CertificateID asked) {
        try {
            return asked.matchesIssuer(new JcaX509CertificateHolder(authority.certificate()), DIGESTS);
        } catch (OCSPException e) {
            return false; // by a hash that nobody has
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("an issued certificate has no encoding", e);
        }
    }

    private @Nullable CertificateStatus status(Authority authority, CertificateID asked) {
        X500Principal issuer = authority.certificate().getSubjectX500Principal();
        return exceptions.get(new Serial(issuer, asked.getSerialNumber()));
    }

    /** A response without an answer (RFC 6960 §4.2.1): {@link OCSPRespBuilder} names the statuses. */
    public static byte[] error(int status) {
        try {
            return new OCSPRespBuilder().build(status, null).getEncoded();
        } catch (OCSPException | IOException e) {
            throw new IllegalStateException("cannot encode status " + status, e);
        }
    }
}
