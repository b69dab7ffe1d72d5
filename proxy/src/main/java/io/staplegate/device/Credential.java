package io.staplegate.device;

import io.staplegate.identity.CertificateForms;
import io.staplegate.identity.DenyList;
import io.staplegate.identity.Fingerprint;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One certificate of a device's path, as far as its revocation goes. For as long as somebody is judged it has the
 * certificate itself; the {@link #compact} form, of which there is one for each device, has its bytes. Immutable.
 */
final class Credential {
    private final List<Fingerprint> forms;
    private final BigInteger serial;
    private final Issuer issuer;
    private final boolean isAuthority;
    private final byte[] der;
    private final @Nullable X509Certificate certificate;
    private final byte @Nullable [] staple;

    private Credential(
            List<Fingerprint> forms,
            BigInteger serial,
            Issuer issuer,
            boolean isAuthority,
            byte[] der,
            @Nullable X509Certificate certificate,
            byte @Nullable [] staple) {
        this.forms = forms;
        this.serial = serial;
        this.issuer = issuer;
        this.isAuthority = isAuthority;
        this.der = der;
        this.certificate = certificate;
        this.staple = staple;
    }

    /**
     * A certificate and who can speak of it.
     *
     * @param issuer shared by all that have the same
     * @param isAuthority whether it is a CA's, and not the device's own
     * @param staple what the device sent with it; null: nothing
     */
    static Credential of(X509Certificate certificate, Issuer issuer, boolean isAuthority, byte @Nullable [] staple) {
        try {
            return new Credential(
                    CertificateForms.fingerprints(
                            certificate, issuer.certificate().getPublicKey()),
                    certificate.getSerialNumber(),
                    issuer,
                    isAuthority,
                    certificate.getEncoded(),
                    certificate,
                    staple);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was validated has no encoding", e);
        }
    }

    /** The same to keep: without what takes memory and can be had again, or is of no use later. */
    Credential compact() {
        return certificate == null ? this : new Credential(forms, serial, issuer, isAuthority, der, null, null);
    }

    Fingerprint fingerprint() {
        return forms.getFirst();
    }

    BigInteger serial() {
        return serial;
    }

    /** Its CA, with those who can be asked about this certificate. */
    Issuer issuer() {
        return issuer;
    }

    /** Whether it is a CA's: of many devices. */
    boolean isAuthority() {
        return isAuthority;
    }

    /** What the device sent with it, not judged yet; null: nothing, or that was long ago. */
    byte @Nullable [] staple() {
        return staple;
    }

    /** The certificate; decoded anew where this is compact. */
    X509Certificate certificate() {
        if (certificate != null) {
            return certificate;
        }
        try {
            var decoder = CertificateFactory.getInstance("X.509");
            return (X509Certificate) decoder.generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new IllegalStateException("a certificate that was decoded before cannot be", e);
        }
    }

    boolean isOn(DenyList list) {
        return list.hasCertificate(forms, serial, issuer.certificate().getSubjectX500Principal());
    }
}
