package io.staplegate.probe;

import io.staplegate.handshake.CryptoProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatus;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.CertificateStatusRequestItemV2;
import org.bouncycastle.tls.CertificateStatusType;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.OCSPStatusRequest;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.jspecify.annotations.Nullable;

/** The engine's client: says what a {@link Device} says, and keeps what the server presents. */
final class DevicePeer extends AbstractTlsClient {
    private static final byte[] NONE_NEEDED = new byte[0];

    private final Device device;
    private final Duration timeout;
    private @Nullable TlsServerCertificate server;
    private @Nullable Presented presented;

    /**
     * A device at the beginning of a handshake.
     *
     * @param timeout for all of it, over DTLS; zero: none
     */
    DevicePeer(Device device, Duration timeout) {
        super(CryptoProvider.crypto());
        this.device = device;
        this.timeout = timeout;
    }

    /** Null before the end of the handshake. */
    @Nullable
    Presented presented() {
        return presented;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return device.versions().stream().map(TlsVersion::engines).toArray(ProtocolVersion[]::new);
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return OfferedSuite.codes(device.versions());
    }

    @Override
    @SuppressWarnings("rawtypes") // the engine's signature
    protected Vector<Integer> getSupportedGroups(Vector roles) {
        return new Vector<>(device.groups().stream().map(Group::number).toList());
    }

    @Override
    public Vector<Integer> getEarlyKeyShareGroups() {
        return new Vector<>(List.of(device.groups().getFirst().number()));
    }

    @Override
    protected @Nullable Vector<ServerName> getSNIServerNames() {
        return device.serverName() == null
                ? null
                : new Vector<>(List.of(
                        new ServerName(NameType.host_name, device.serverName().getBytes(StandardCharsets.US_ASCII))));
    }

    @Override
    protected @Nullable CertificateStatusRequest getCertificateStatusRequest() {
        return device.status() == StatusWish.NONE
                ? null
                : new CertificateStatusRequest(CertificateStatusType.ocsp, new OCSPStatusRequest(null, null));
    }

    @Override
    protected @Nullable Vector<CertificateStatusRequestItemV2> getMultiCertStatusRequest() {
        return device.status() != StatusWish.V2
                ? null
                : new Vector<>(List.of(new CertificateStatusRequestItemV2(
                        CertificateStatusType.ocsp_multi, new OCSPStatusRequest(null, null))));
    }

    /** Its server may give it an id; it has no need to be told from others itself (RFC 9146 §3). */
    @Override
    protected byte[] getNewConnectionID() {
        return NONE_NEEDED;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return Math.toIntExact(timeout.toMillis());
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate) {
                server = certificate;
            }

            @Override
            public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                return device.certificate() == null
                        ? null
                        : device.certificate().credentials(context);
            }
        };
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        if (server == null) {
            throw new IOException("a handshake without a certificate");
        }
        SecurityParameters parameters = context.getSecurityParametersConnection();
        TlsVersion version = TlsVersion.of(parameters.getNegotiatedVersion());
        List<X509Certificate> chain = new ArrayList<>();
        for (var certificate : server.getCertificate().getCertificateList()) {
            chain.add(((JcaTlsCertificate) certificate).getX509Certificate());
        }
        List<byte @Nullable []> staples = version == TlsVersion.TLS13
                ? beside(server.getCertificate().getCertificateEntryList())
                : in(server.getCertificateStatus());
        while (staples.size() < chain.size()) {
            staples.add(null);
        }
        presented = new Presented(
                version.label(),
                OfferedSuite.withCode(parameters.getCipherSuite()).name(),
                List.copyOf(chain),
                Collections.unmodifiableList(staples),
                connectionId(parameters));
    }

    /** The engine calls it local, as it is in what this end sends. An empty one is the server's way to need none. */
    private static byte @Nullable [] connectionId(SecurityParameters parameters) {
        byte[] id = parameters.getConnectionIDLocal();
        return id == null || id.length == 0 ? null : id.clone();
    }

    /** TLS 1.3 (RFC 8446 §4.4.2.1). */
    private static List<byte @Nullable []> beside(CertificateEntry[] entries) throws IOException {
        List<byte @Nullable []> staples = new ArrayList<>();
        for (CertificateEntry entry : entries) {
            byte[] status = TlsUtils.getExtensionData(entry.getExtensions(), TlsExtensionsUtils.EXT_status_request);
            staples.add(status == null ? null : response(status));
        }
        return staples;
    }

    private static byte @Nullable [] response(byte[] certificateStatus) throws IOException {
        ByteArrayInputStream input = new ByteArrayInputStream(certificateStatus);
        return TlsUtils.readUint8(input) == CertificateStatusType.ocsp ? TlsUtils.readOpaque24(input) : null;
    }

    /** TLS 1.2 and DTLS 1.2 (RFC 6066 §8, RFC 6961). The engine has refused whatever is not DER. */
    private static List<byte @Nullable []> in(@Nullable CertificateStatus status) throws IOException {
        List<byte @Nullable []> staples = new ArrayList<>();
        if (status == null) {
            return staples;
        }
        if (status.getStatusType() == CertificateStatusType.ocsp) {
            staples.add(status.getOCSPResponse().getEncoded("DER"));
            return staples;
        }
        for (Object response : status.getOCSPResponseList()) {
            staples.add(response == null ? null : ((OCSPResponse) response).getEncoded("DER"));
        }
        return staples;
    }
}
