package io.staplegate.handshake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Vector;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** The CertificateRequest of TLS 1.3; it can ask for the device's own staple, too, which the engine's cannot. */
final class Request13 extends CertificateRequest {
    /** An extension without data: its number and a length of 0. */
    private static final int EMPTY_EXTENSION = 4;

    private final boolean asksForStaple;

    /** {@code asksForStaple}: by an empty status_request (RFC 8446 §4.4.2.1). */
    Request13(@Nullable Vector<X500Name> authorities, boolean asksForStaple) throws IOException {
        super(
                TlsUtils.EMPTY_BYTES,
                EngineCollections.vector(SigningScheme.ofDevices(true)),
                EngineCollections.vector(SigningScheme.ofCertificates()),
                authorities);
        this.asksForStaple = asksForStaple;
    }

    @Override
    public void encode(TlsContext context, OutputStream output) throws IOException {
        if (!asksForStaple) {
            super.encode(context, output);
            return;
        }
        ByteArrayOutputStream without = new ByteArrayOutputStream();
        super.encode(context, without);
        byte[] bytes = without.toByteArray();
        int extensions = 1; // behind the request's context, which is empty
        TlsUtils.writeUint8(0, output);
        TlsUtils.writeUint16(TlsUtils.readUint16(bytes, extensions) + EMPTY_EXTENSION, output);
        output.write(bytes, extensions + 2, bytes.length - extensions - 2);
        TlsUtils.writeUint16(TlsExtensionsUtils.EXT_status_request, output);
        TlsUtils.writeUint16(0, output);
    }
}
