package io.staplegate.handshake;

import io.staplegate.identity.DevicePath;
import io.staplegate.identity.DeviceTrust;
import io.staplegate.identity.InvalidPathException;
import io.staplegate.telemetry.PathFault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusType;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.jspecify.annotations.Nullable;

/** A listener's trust in its devices in the forms in which the engine uses it, made once. Safe to share. */
final class PreparedTrust {
    private static final short[] CERTIFICATE_TYPES = {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign};

    private final DeviceTrust trust;
    private final CertificateRequest request12;
    private final CertificateRequest request13;

    private PreparedTrust(DeviceTrust trust, CertificateRequest request12, CertificateRequest request13) {
        this.trust = trust;
        this.request12 = request12;
        this.request13 = request13;
    }

    static PreparedTrust of(DeviceTrust trust) {
        List<X500Name> names = trust.authorities().stream()
                .map(name -> X500Name.getInstance(name.getEncoded()))
                .toList();
        Vector<X500Name> authorities = names.isEmpty() ? null : EngineCollections.vector(names);
        try {
            return new PreparedTrust(
                    trust,
                    new CertificateRequest(
                            CERTIFICATE_TYPES, EngineCollections.vector(SigningScheme.ofDevices(false)), authorities),
                    new Request13(authorities, trust.wantsStaple()));
        } catch (IOException e) {
            throw new IllegalStateException("the schemes are not empty", e);
        }
    }

    DeviceTrust trust() {
        return trust;
    }

    /** What asks a device for its certificate. */
    CertificateRequest request(boolean tls13) {
        return tls13 ? request13 : request12;
    }

    /**
     * The path of a device, by what it sent; null where it sent nothing, and need not.
     *
     * @throws InvalidPathException where that does not authenticate it
     */
    @Nullable
    DevicePath validate(Certificate sent, boolean tls13, Instant at) throws InvalidPathException {
        if (!sent.isEmpty()) {
            DevicePath path = trust.validate(certificates(sent), at);
            return tls13 ? new DevicePath(path.certificates(), path.name(), staple(sent)) : path;
        }
        if (trust.isRequired()) {
            throw new InvalidPathException(PathFault.NO_CERTIFICATE, "the device sent no certificate");
        }
        return null;
    }

    private static List<X509Certificate> certificates(Certificate sent) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (TlsCertificate certificate : sent.getCertificateList()) {
            certificates.add(((JcaTlsCertificate) certificate).getX509Certificate());
        }
        return certificates;
    }

    /** Of the device's own certificate; what cannot be decoded was not sent. */
    private static byte @Nullable [] staple(Certificate sent) {
        try {
            byte[] status = TlsUtils.getExtensionData(
                    sent.getCertificateEntryAt(0).getExtensions(), TlsExtensionsUtils.EXT_status_request);
            if (status == null || status.length == 0 || status[0] != CertificateStatusType.ocsp) {
                return null;
            }
            ByteArrayInputStream rest = new ByteArrayInputStream(status, 1, status.length - 1);
            byte[] response = TlsUtils.readOpaque24(rest, 1);
            return rest.available() == 0 ? response : null;
        } catch (IOException e) {
            return null;
        }
    }
}
