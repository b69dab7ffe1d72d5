package io.staplegate.handshake;

import static java.util.Objects.requireNonNull;

import io.staplegate.testing.DeviceAuthority.Holder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.Vector;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.BasicTlsPSKIdentity;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatus;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.CertificateStatusType;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsPSKIdentity;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** A device for tests: a TLS client in memory, of which everything can be set. Each connects once. */
final class Device extends DefaultTlsClient {
    private final ProtocolVersion version;
    private final List<Consumer<Hashtable<Integer, byte[]>>> tweaks = new ArrayList<>();
    private List<Integer> groups = List.of(NamedGroup.secp256r1, NamedGroup.x25519);
    private List<Integer> shares = groups;
    private List<Integer> schemes = List.of(
            SignatureScheme.ecdsa_secp256r1_sha256,
            SignatureScheme.ecdsa_secp384r1_sha384,
            SignatureScheme.ed25519,
            SignatureScheme.rsa_pss_rsae_sha256,
            SignatureScheme.rsa_pkcs1_sha256);
    private int[] suites;
    private @Nullable TlsPSKIdentity key;
    private @Nullable DeviceCredentials credentials;
    private byte @Nullable [] connectionId;
    private boolean extendedMasterSecret = true;
    private boolean breaksOff;
    private @Nullable TlsSession session;
    private List<byte[]> received = List.of();

    @Nullable
    Certificate certificates;

    @Nullable
    CertificateStatus status;

    /** What the server asked for a certificate with. */
    @Nullable
    CertificateRequest asked;

    int alert = -1;
    boolean statusAcknowledged;

    private Device(ProtocolVersion version) {
        super(CryptoProvider.crypto());
        this.version = version;
        this.suites = codes(version.isDTLS() ? Suite.ofDtls(true) : Suite.ofTls());
    }

    private static int[] codes(Set<Suite> suites) {
        return suites.stream()
                .filter(suite -> !suite.name().contains("PSK"))
                .mapToInt(Suite::code)
                .toArray();
    }

    static Device tls13() {
        return new Device(ProtocolVersion.TLSv13);
    }

    static Device tls12() {
        return new Device(ProtocolVersion.TLSv12);
    }

    static Device of(ProtocolVersion version) {
        return new Device(version);
    }

    static Device dtls() {
        return new Device(ProtocolVersion.DTLSv12);
    }

    boolean overDtls() {
        return version.isDTLS();
    }

    /** A device that has a pre-shared key. */
    Device key(String identity, byte[] psk) {
        key = new BasicTlsPSKIdentity(identity, psk);
        return this;
    }

    /** A device that has a certificate, and shows it when it is asked. */
    Device shows(Holder holder) {
        return shows(new DeviceCredentials(holder));
    }

    Device shows(DeviceCredentials own) {
        credentials = own;
        return this;
    }

    /** Offers to use connection ids, and asks for this one in what it gets. */
    Device connectionId(byte[] own) {
        connectionId = own;
        return this;
    }

    Device asksV1() {
        return asksV1(new byte[] {1, 0, 0, 0, 0});
    }

    Device asksV1(byte[] request) {
        return extension(TlsExtensionsUtils.EXT_status_request, request);
    }

    /** Asks for types in order: 1 is ocsp, 2 is ocsp_multi. */
    Device asksV2(int... types) {
        byte[] list = new byte[2 + types.length * 7];
        list[1] = (byte) (types.length * 7);
        for (int i = 0; i < types.length; i++) {
            list[2 + i * 7] = (byte) types[i];
            list[2 + i * 7 + 2] = 4;
        }
        return extension(TlsExtensionsUtils.EXT_status_request_v2, list);
    }

    Device extension(Integer number, byte[] data) {
        tweaks.add(extensions -> extensions.put(number, data));
        return this;
    }

    Device serverName(String name) {
        return tweak(extensions -> {
            try {
                byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
                TlsExtensionsUtils.addServerNameExtensionClient(
                        extensions, EngineCollections.vector(List.of(new ServerName(NameType.host_name, bytes))));
            } catch (IOException e) {
                throw new IllegalArgumentException(name, e);
            }
        });
    }

    Device tweak(Consumer<Hashtable<Integer, byte[]>> tweak) {
        tweaks.add(tweak);
        return this;
    }

    Device groups(Integer... offered) {
        groups = List.of(offered);
        shares = groups;
        return this;
    }

    Device shares(Integer... sent) {
        shares = List.of(sent);
        return this;
    }

    Device schemes(Integer... offered) {
        schemes = List.of(offered);
        return this;
    }

    Device suites(int... offered) {
        suites = offered;
        return this;
    }

    Device withoutExtendedMasterSecret() {
        extendedMasterSecret = false;
        return this;
    }

    /** Asks for a session to be resumed. */
    Device resumes(TlsSession earlier) {
        session = EngineSession.copy(earlier);
        return this;
    }

    /** Breaks off when the ServerHello has come. */
    Device breaksOff() {
        breaksOff = true;
        return this;
    }

    /** The session that this handshake agreed on; null where there is none. */
    @Nullable
    TlsSession session() {
        return context.getResumableSession();
    }

    /** The numbers of the extensions that the ServerHello had on the wire. */
    Set<Integer> acknowledged() {
        int record = version.isDTLS() ? 13 : 5;
        int message = record + (version.isDTLS() ? 12 : 4);
        byte[] first = received.getFirst();
        try {
            int length = TlsUtils.readUint24(first, record + 1);
            var hello = ServerHello.parse(new ByteArrayInputStream(first, message, length));
            return EngineCollections.copy(hello.getExtensions()).keySet();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    long bytesReceived() {
        return received.stream().mapToLong(bytes -> bytes.length).sum();
    }

    boolean resumed() {
        return context.getSecurityParametersConnection().isResumedSession();
    }

    String suite() {
        int code = context.getSecurityParametersConnection().getCipherSuite();
        for (Suite suite : Suite.values()) {
            if (suite.code() == code) {
                return suite.name();
            }
        }
        throw new AssertionError(code);
    }

    int group() {
        return context.getSecurityParametersConnection().getNegotiatedGroup();
    }

    ServerPeer connect(Listening listening) {
        return connect(listening.handshakes(this));
    }

    /** Shakes hands with a listener, to the end or to the first alert. */
    ServerPeer connect(Handshakes listener) {
        if (version.isDTLS()) {
            return datagrams(listener, () -> null).peer;
        }
        Streams streams = new Streams(this, listener);
        received = streams.toDevice;
        return streams.peer;
    }

    /** Shakes hands with a DTLS listener, which makes connection ids. */
    Datagrams datagrams(Handshakes listener, Supplier<byte @Nullable []> connectionIds) {
        Datagrams datagrams = new Datagrams(this, listener, connectionIds);
        received = datagrams.toDevice;
        return datagrams;
    }

    /** The staples of the chain as they arrived, by position: {@link #digest}s, or {@code none}. */
    List<String> staples() {
        List<String> staples = new ArrayList<>();
        try {
            if (version.equals(ProtocolVersion.TLSv13)) {
                for (var entry : requireNonNull(certificates).getCertificateEntryList()) {
                    byte[] extension =
                            TlsUtils.getExtensionData(entry.getExtensions(), TlsExtensionsUtils.EXT_status_request);
                    staples.add(
                            extension == null ? "none" : digest(Arrays.copyOfRange(extension, 4, extension.length)));
                }
            } else if (status != null && status.getStatusType() == CertificateStatusType.ocsp) {
                staples.add(digest(status.getOCSPResponse().getEncoded()));
            } else if (status != null) {
                for (Object response : status.getOCSPResponseList()) {
                    staples.add(response == null ? "none" : digest(((OCSPResponse) response).getEncoded()));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return staples;
    }

    /** A short name for some bytes. */
    static String digest(byte[] bytes) {
        return bytes.length + " bytes, " + Integer.toHexString(Arrays.hashCode(bytes));
    }

    @Override
    public @Nullable TlsPSKIdentity getPSKIdentity() {
        return key;
    }

    @Override
    protected byte @Nullable [] getNewConnectionID() {
        return connectionId;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return version.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return suites;
    }

    @Override
    @SuppressWarnings("rawtypes") // the engine's signature
    protected Vector<Integer> getSupportedGroups(Vector roles) {
        return EngineCollections.vector(groups);
    }

    @Override
    public Vector<Integer> getEarlyKeyShareGroups() {
        return EngineCollections.vector(shares);
    }

    @Override
    protected Vector<Object> getSupportedSignatureAlgorithms() {
        return EngineCollections.vector(schemes.stream()
                .map(SignatureScheme::getSignatureAndHashAlgorithm)
                .toList());
    }

    @Override
    protected @Nullable CertificateStatusRequest getCertificateStatusRequest() {
        return null;
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
        return extendedMasterSecret;
    }

    @Override
    public void notifySessionID(byte[] sessionId) {
        if (breaksOff) {
            throw new IllegalStateException("as told");
        }
    }

    @Override
    public @Nullable TlsSession getSessionToResume() {
        return session;
    }

    @Override
    public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
        Hashtable<Integer, byte[]> extensions = EngineCollections.copy(super.getClientExtensions());
        tweaks.forEach(tweak -> tweak.accept(extensions));
        return extensions;
    }

    @Override
    @SuppressWarnings("rawtypes") // the engine's signature
    public void processServerExtensions(Hashtable serverExtensions) throws IOException {
        statusAcknowledged = serverExtensions != null
                && (serverExtensions.containsKey(TlsExtensionsUtils.EXT_status_request)
                        || serverExtensions.containsKey(TlsExtensionsUtils.EXT_status_request_v2));
        super.processServerExtensions(serverExtensions);
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        if (level == AlertLevel.fatal) {
            alert = description;
        }
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate server) {
                certificates = server.getCertificate();
                status = server.getCertificateStatus();
            }

            @Override
            public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                asked = request;
                return credentials == null ? null : credentials.in(context);
            }
        };
    }
}
