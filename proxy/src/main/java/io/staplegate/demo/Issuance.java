package io.staplegate.demo;

import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.jspecify.annotations.Nullable;

/**
 * What a certificate to be issued shall say. Immutable: each method returns another.
 *
 * @param subject its name
 * @param notBefore first moment of validity
 * @param lifetime length of validity
 * @param isAuthority whether it may issue others
 * @param serial null: a random one
 * @param extensions beyond the usual ones
 */
public record Issuance(
        X500Name subject,
        Instant notBefore,
        Duration lifetime,
        boolean isAuthority,
        @Nullable BigInteger serial,
        Map<ASN1ObjectIdentifier, ASN1Encodable> extensions) {

    private static final ASN1ObjectIdentifier TLS_FEATURE = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.24");

    /** A certificate for a common name, valid from the epoch for a day until {@link #valid} says otherwise. */
    public static Issuance named(String commonName) {
        X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, commonName).build();
        return new Issuance(subject, Instant.EPOCH, Duration.ofDays(1), false, null, Map.of());
    }

    public Issuance valid(Instant from, Duration length) {
        return new Issuance(subject, from, length, isAuthority, serial, extensions);
    }

    public Issuance authority() {
        return new Issuance(subject, notBefore, lifetime, true, serial, extensions);
    }

    public Issuance serial(BigInteger number) {
        return new Issuance(subject, notBefore, lifetime, isAuthority, number, extensions);
    }

    /** Subject alternative names: DNS names and IP addresses. */
    public Issuance names(String... names) {
        List<GeneralName> list = new ArrayList<>();
        for (String name : names) {
            boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
            list.add(new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name));
        }
        return with(Extension.subjectAlternativeName, new GeneralNames(list.toArray(GeneralName[]::new)));
    }

    /** The OCSP responders (authority information access), in order. */
    public Issuance responders(URI... urls) {
        AccessDescription[] descriptions = new AccessDescription[urls.length];
        for (int i = 0; i < urls.length; i++) {
            GeneralName location = new GeneralName(GeneralName.uniformResourceIdentifier, urls[i].toString());
            descriptions[i] = new AccessDescription(AccessDescription.id_ad_ocsp, location);
        }
        return with(Extension.authorityInfoAccess, new AuthorityInformationAccess(descriptions));
    }

    public Issuance serverAuth() {
        return with(Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    }

    public Issuance clientAuth() {
        return with(Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
    }

    /** A delegated responder: id-kp-OCSPSigning and id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2). */
    public Issuance ocspSigning() {
        return with(Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning))
                .with(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, DERNull.INSTANCE);
    }

    /** Must-staple: the TLS feature status_request (RFC 7633). */
    public Issuance mustStaple() {
        return with(TLS_FEATURE, new DERSequence(new ASN1Integer(5)));
    }

    public Issuance with(ASN1ObjectIdentifier name, ASN1Encodable value) {
        Map<ASN1ObjectIdentifier, ASN1Encodable> more = new LinkedHashMap<>(extensions);
        more.put(name, value);
        return new Issuance(subject, notBefore, lifetime, isAuthority, serial, Map.copyOf(more));
    }
}
