package io.staplegate.handshake;

import io.staplegate.identity.DevicePath;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to resume a session. The engine's own form of it is not kept: a resumption that fails destroys it, and
 * anybody can make one fail who has seen the session's id.
 *
 * @param masterSecret 48 bytes
 * @param terms {@link SessionTerms#digest}
 * @param end when it can be resumed no more
 * @param pskIdentity whose it is, where that was agreed on with a pre-shared key
 * @param device whose it is, where it has shown a certificate
 */
record KeptSession(
        byte[] masterSecret,
        byte[] terms,
        Instant end,
        byte @Nullable [] pskIdentity,
        @Nullable Device device) {

    /**
     * The path of a device that is not here. Its own certificate is kept as it was sent, which is a tenth of what it
     * weighs when it is parsed; all devices share the others.
     */
    record Device(
            byte[] leaf,
            List<X509Certificate> issuers,
            @Nullable String name) {
        static Device of(DevicePath path) {
            try {
                List<X509Certificate> certificates = path.certificates();
                return new Device(
                        path.leaf().getEncoded(),
                        List.copyOf(certificates.subList(1, certificates.size())),
                        path.name());
            } catch (CertificateException e) {
                throw new IllegalStateException("a certificate that was parsed has bytes: " + path.leaf(), e);
            }
        }

        DevicePath path() {
            try {
                List<X509Certificate> certificates = new ArrayList<>();
                certificates.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(leaf)));
                certificates.addAll(issuers);
                return new DevicePath(certificates, name);
            } catch (CertificateException e) {
                throw new IllegalStateException("a certificate that was parsed can be parsed again", e);
            }
        }
    }
}
