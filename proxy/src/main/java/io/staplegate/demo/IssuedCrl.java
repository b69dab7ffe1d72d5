package io.staplegate.demo;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A revocation list that an authority is to sign (RFC 5280 §5). Immutable: each method returns another.
 *
 * @param signer whose key signs it
 * @param issuer whose name is on it
 * @param nextUpdate null: it does not say
 * @param entries in this order
 * @param extensions in this order
 * @param algorithm as the JCA calls it
 */
public record IssuedCrl(
        Authority signer,
        X500Name issuer,
        Instant thisUpdate,
        @Nullable Instant nextUpdate,
        List<Entry> entries,
        List<Extension> extensions,
        String algorithm) {

    /** A certificate that is on a list. {@code extensions}: of the entry; null: none. */
    public record Entry(
            BigInteger serial, Instant since, @Nullable Extensions extensions) {}

    /** A list of an authority without entries. */
    public static IssuedCrl of(Authority authority, Instant thisUpdate, Duration validity) {
        return new IssuedCrl(
                authority,
                X500Name.getInstance(
                        authority.certificate().getSubjectX500Principal().getEncoded()),
                thisUpdate,
                thisUpdate.plus(validity),
                List.of(),
                List.of(),
                Authority.signatureAlgorithm(authority.keys()));
    }

    public IssuedCrl valid(Instant from, @Nullable Instant until) {
        return new IssuedCrl(signer, issuer, from, until, entries, extensions, algorithm);
    }

    public IssuedCrl signedBy(Authority other) {
        return new IssuedCrl(other, issuer, thisUpdate, nextUpdate, entries, extensions, algorithm);
    }

    public IssuedCrl signedWith(String other) {
        return new IssuedCrl(signer, issuer, thisUpdate, nextUpdate, entries, extensions, other);
    }

    public IssuedCrl named(String commonName) {
        return new IssuedCrl(
                signer, new X500Name("CN=" + commonName), thisUpdate, nextUpdate, entries, extensions, algorithm);
    }

    /** The number of the list (RFC 5280 §5.2.3). */
    public IssuedCrl number(long number) {
        return with(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
    }

    /** A delta to the list with that number (RFC 5280 §5.2.4). */
    public IssuedCrl deltaTo(long base) {
        return with(Extension.deltaCRLIndicator, true, new CRLNumber(BigInteger.valueOf(base)));
    }

    /** Where deltas to it are (RFC 5280 §5.2.6). */
    public IssuedCrl deltasAt(String url) {
        return with(Extension.freshestCRL, false, new CRLDistPoint(new DistributionPoint[] {
            new DistributionPoint(point(url), null, null)
        }));
    }

    /** Those certificates alone that have this distribution point (RFC 5280 §5.2.5). */
    public IssuedCrl partition(String url) {
        return with(
                Extension.issuingDistributionPoint,
                true,
                new IssuingDistributionPoint(point(url), false, false, null, false, false));
    }

    /** A distribution point's name (RFC 5280 §4.2.1.13). */
    public static DistributionPointName point(String url) {
        return new DistributionPointName(new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, url)));
    }

    public IssuedCrl with(ASN1ObjectIdentifier name, boolean critical, ASN1Encodable value) {
        return withExtensions(appended(extensions, extension(name, critical, value)));
    }

    /** Puts a certificate on it. {@code reason}: the number of RFC 5280 §5.3.1. */
    public IssuedCrl revoke(BigInteger serial, int reason) {
        return revoke(serial, Extension.reasonCode, false, CRLReason.lookup(reason));
    }

    /** The same with another extension of the entry. */
    public IssuedCrl revoke(BigInteger serial, ASN1ObjectIdentifier name, boolean critical, ASN1Encodable value) {
        ExtensionsGenerator generator = new ExtensionsGenerator();
        generator.addExtension(extension(name, critical, value));
        return withEntries(appended(entries, new Entry(serial, thisUpdate, generator.generate())));
    }

    /** The same without a reason. */
    public IssuedCrl revoke(BigInteger serial) {
        return withEntries(appended(entries, new Entry(serial, thisUpdate, null)));
    }

    /** Signs it. */
    public byte[] encode() {
        X509v2CRLBuilder builder = new X509v2CRLBuilder(issuer, Date.from(thisUpdate));
        if (nextUpdate != null) {
            builder.setNextUpdate(Date.from(nextUpdate));
        }
        for (Entry entry : entries) {
            builder.addCRLEntry(entry.serial, Date.from(entry.since), entry.extensions);
        }
        try {
            for (Extension extension : extensions) {
                builder.addExtension(extension);
            }
            return builder.build(new JcaContentSignerBuilder(algorithm)
                            .build(signer.keys().getPrivate()))
                    .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("cannot sign a revocation list", e);
        }
    }

    private IssuedCrl withEntries(List<Entry> others) {
        return new IssuedCrl(signer, issuer, thisUpdate, nextUpdate, others, extensions, algorithm);
    }

    private IssuedCrl withExtensions(List<Extension> others) {
        return new IssuedCrl(signer, issuer, thisUpdate, nextUpdate, entries, others, algorithm);
    }

    private static Extension extension(ASN1ObjectIdentifier name, boolean critical, ASN1Encodable value) {
        try {
            return Extension.create(name, critical, value);
        } catch (IOException e) {
            throw new IllegalArgumentException("an extension that cannot be encoded", e);
        }
    }

    private static <T> List<T> appended(List<T> list, T element) {
        List<T> longer = new ArrayList<>(list);
        longer.add(element);
        return List.copyOf(longer);
    }
}
