package io.staplegate.dtls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Site;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Objects;
import java.util.Vector;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsSession;
import org.jspecify.annotations.Nullable;

/** A device in memory, with Bouncy Castle's engine: each message of its is a datagram. Connects once. */
final class MemoryDevice extends DefaultTlsClient implements DatagramTransport {
    private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
    private Consumer<byte[]> network = datagram -> {};
    private int[] suites = {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
    private short maxFragmentLength = -1;
    private byte @Nullable [] connectionId;
    private @Nullable TlsSession session;
    private int sendLimit = 1400;
    private int resendMillis = 10_000;
    private ProtocolVersion version = ProtocolVersion.DTLSv12;
    private boolean trusting = true;
    private String serverName = "localhost";
    private int timeoutMillis = 30_000;
    private byte @Nullable [] statusRequest = {1, 0, 0, 0, 0};
    private @Nullable Site own;
    private @Nullable DTLSTransport transport;
    boolean stapled;
    int alert = -1;

    MemoryDevice() {
        super(CryptoProvider.crypto());
    }

    MemoryDevice speaks(ProtocolVersion only) {
        version = only;
        return this;
    }

    MemoryDevice suites(int... offered) {
        suites = offered;
        return this;
    }

    /** A code of {@link org.bouncycastle.tls.MaxFragmentLength}. */
    MemoryDevice maxFragmentLength(short code) {
        maxFragmentLength = code;
        return this;
    }

    MemoryDevice connectionId(byte... own) {
        connectionId = own;
        return this;
    }

    MemoryDevice resumes(@Nullable TlsSession earlier) {
        session = earlier;
        return this;
    }

    MemoryDevice serverName(String name) {
        serverName = name;
        return this;
    }

    MemoryDevice giveUpAfter(int millis) {
        timeoutMillis = millis;
        return this;
    }

    MemoryDevice sendLimit(int bytes) {
        sendLimit = bytes;
        return this;
    }

    MemoryDevice resendMillis(int millis) {
        resendMillis = millis;
        return this;
    }

    /** Asks for a staple for each certificate (status_request_v2), rather than for the first one's. */
    MemoryDevice asksForAll() {
        statusRequest = null;
        return this;
    }

    /** Has a certificate, for listeners that ask for one. */
    MemoryDevice certified(Site site) {
        own = site;
        return this;
    }

    /** Ends the handshake with an alert when it sees the server's certificate. */
    MemoryDevice trustsNobody() {
        trusting = false;
        return this;
    }

    /** Where this device's datagrams go. */
    MemoryDevice over(Consumer<byte[]> path) {
        network = path;
        return this;
    }

    /** A datagram to the device. */
    void arrive(byte[] datagram) {
        received.add(datagram);
    }

    /** Shakes hands. */
    MemoryDevice connect() throws IOException {
        transport = new DTLSClientProtocol().connect(this, this);
        return this;
    }

    void say(String text) throws IOException {
        say(text.getBytes(UTF_8));
    }

    void say(byte[] bytes) throws IOException {
        // The engine takes no empty array.
        Objects.requireNonNull(transport).send(Arrays.copyOf(bytes, bytes.length + 1), 0, bytes.length);
    }

    /** The next plaintext, or null where none comes in a while. */
    byte @Nullable [] hear(int waitMillis) throws IOException {
        byte[] bytes = new byte[1 << 14];
        int length = Objects.requireNonNull(transport).receive(bytes, 0, bytes.length, waitMillis);
        return length < 0 ? null : Arrays.copyOf(bytes, length);
    }

    @Nullable
    String hearText() throws IOException {
        byte[] bytes = hear(5000);
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    /** Sends more than it should, of which its engine makes a fatal alert. */
    void fail() throws IOException {
        try {
            say(new byte[(1 << 14) + 1]);
        } catch (TlsFatalAlert expected) {
            return;
        }
        throw new AssertionError("sent a record that is too long");
    }

    void hangUp() throws IOException {
        Objects.requireNonNull(transport).close();
    }

    @Nullable
    TlsSession session() {
        return context.getResumableSession();
    }

    boolean resumed() {
        return context.getSecurityParametersConnection().isResumedSession();
    }

    @Override
    public int getReceiveLimit() {
        return 1 << 15;
    }

    @Override
    public int getSendLimit() {
        return sendLimit;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        try {
            byte[] datagram = received.poll(waitMillis == 0 ? 10_000 : waitMillis, TimeUnit.MILLISECONDS);
            if (datagram == null) {
                return -1;
            }
            System.arraycopy(datagram, 0, buffer, offset, datagram.length);
            return datagram.length;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void send(byte[] bytes, int offset, int length) {
        network.accept(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    @Override
    public void close() {}

    @Override
    public int getHandshakeResendTimeMillis() {
        return resendMillis;
    }

    @Override
    public int getHandshakeTimeoutMillis() {
        return timeoutMillis;
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
    protected byte @Nullable [] getNewConnectionID() {
        return connectionId;
    }

    @Override
    public @Nullable TlsSession getSessionToResume() {
        return session;
    }

    @Override
    protected @Nullable CertificateStatusRequest getCertificateStatusRequest() {
        return null;
    }

    @Override
    public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
        @SuppressWarnings("unchecked")
        Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
        if (statusRequest == null) {
            extensions.put(TlsExtensionsUtils.EXT_status_request_v2, new byte[] {0, 7, 2, 0, 4, 0, 0, 0, 0});
        } else {
            extensions.put(TlsExtensionsUtils.EXT_status_request, statusRequest);
        }
        if (maxFragmentLength >= 0) {
            TlsExtensionsUtils.addMaxFragmentLengthExtension(extensions, maxFragmentLength);
        }
        return extensions;
    }

    @Override
    protected Vector<ServerName> getSNIServerNames() {
        Vector<ServerName> names = new Vector<>(1);
        names.add(new ServerName(NameType.host_name, serverName.getBytes(UTF_8)));
        return names;
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        alert = description;
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
                if (!trusting) {
                    throw new TlsFatalAlert(AlertDescription.bad_certificate_status_response);
                }
                stapled = certificate.getCertificateStatus() != null;
            }

            @Override
            public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return own == null ? null : MutualServer.credentials(own, context);
            }
        };
    }
}
