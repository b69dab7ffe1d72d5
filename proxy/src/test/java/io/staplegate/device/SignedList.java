package io.staplegate.device;

import io.staplegate.demo.Authority;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A revocation list to be signed. Immutable: each method returns another. */
record SignedList(
        Authority signer,
        X509Certificate issuer,
        Instant thisUpdate,
        @Nullable Instant nextUpdate,
        int number,
        int revoked,
        String algorithm,
        @Nullable ASN1ObjectIdentifier critical,
        @Nullable ASN1Encodable value) {

    static final Duration VALIDITY = Duration.ofDays(4);

    /** The first list of a CA, with one entry, from now on for four days. */
    static SignedList of(Authority ca, Instant now) {
        return new SignedList(ca, ca.certificate(), now, now.plus(VALIDITY), 1, 1, "SHA256withECDSA", null, null);
    }

    SignedList valid(Instant from, @Nullable Instant until) {
        return new SignedList(signer, issuer, from, until, number, revoked, algorithm, critical, value);
    }

    SignedList number(int other) {
        return new SignedList(signer, issuer, thisUpdate, nextUpdate, other, revoked, algorithm, critical, value);
    }

    SignedList revoked(int other) {
        return new SignedList(signer, issuer, thisUpdate, nextUpdate, number, other, algorithm, critical, value);
    }

    SignedList signedBy(Authority other) {
        return new SignedList(other, issuer, thisUpdate, nextUpdate, number, revoked, algorithm, critical, value);
    }

    SignedList signedWith(String other) {
        return new SignedList(signer, issuer, thisUpdate, nextUpdate, number, revoked, other, critical, value);
    }

    SignedList named(X509Certificate other) {
        return new SignedList(signer, other, thisUpdate, nextUpdate, number, revoked, algorithm, critical, value);
    }

    SignedList critical(ASN1ObjectIdentifier name, ASN1Encodable content) {
        return new SignedList(signer, issuer, thisUpdate, nextUpdate, number, revoked, algorithm, name, content);
    }

    byte[] encode() {
        X500Name name = X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
        var builder = new X509v2CRLBuilder(name, Date.from(thisUpdate));
        if (nextUpdate != null) {
            builder.setNextUpdate(Date.from(nextUpdate));
        }
        for (int i = 1; i <= revoked; i++) {
            builder.addCRLEntry(BigInteger.valueOf(i), Date.from(thisUpdate), CRLReason.keyCompromise);
        }
        try {
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            if (critical != null) {
                builder.addExtension(critical, true, value);
            }
            return builder.build(new JcaContentSignerBuilder(algorithm)
                            .build(signer.keys().getPrivate()))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("cannot sign a list", e);
        }
    }
}
