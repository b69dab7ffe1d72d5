package io.staplegate.dtls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.DeviceCredentials;
import io.staplegate.handshake.Site;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.cert.CertificateEncodingException;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerCertificate;
import org.jspecify.annotations.Nullable;

/** A device for tests: Bouncy Castle's client, after its handshake. */
final class DtlsDevice implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;

    final Line line;
    private final Peer peer;
    private final DTLSTransport session;

    /** Shakes hands from a port of its own. {@code withId}: a connection id is asked for. */
    DtlsDevice(DtlsServer server, boolean withId) throws IOException {
        this(server.site(), new Line(server.address()), withId);
    }

    /** Shakes hands over a line. */
    DtlsDevice(Site site, Line line, boolean withId) throws IOException {
        this(site, line, withId, null);
    }

    /** Shows a certificate where it is asked for one; null: none. */
    DtlsDevice(Site site, Line line, boolean withId, @Nullable DeviceCredentials credentials) throws IOException {
        this.line = line;
        this.peer = new Peer(site, withId, credentials);
        this.session = new DTLSClientProtocol().connect(peer, line.transport());
    }

    /** Begins a handshake over a line, and gives up where the server's first flight has come. */
    static Line halfOpen(Site site, Line line) throws IOException {
        try {
            var _ = new DtlsDevice(site, line.fallsSilentAfter(2), true);
            throw new AssertionError("the line should have fallen silent");
        } catch (InterruptedIOException expected) {
            return line.fallsSilentAfter(Integer.MAX_VALUE);
        }
    }

    void send(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        session.send(bytes, 0, bytes.length);
    }

    /** The next datagram of plaintext, or null where none comes in time. */
    @Nullable
    String receive(int waitMillis) throws IOException {
        byte[] bytes = new byte[session.getReceiveLimit()];
        int length = session.receive(bytes, 0, bytes.length, waitMillis);
        return length < 0 ? null : new String(Arrays.copyOf(bytes, length), UTF_8);
    }

    /** Sends something, and waits for the answer. */
    @Nullable
    String ask(String text) throws IOException {
        send(text);
        return receive(PATIENCE_MILLIS);
    }

    /** Listens until the proxy says that it ends the session. */
    boolean hearsCloseNotify() throws IOException {
        for (int tries = 0; !peer.closed && tries < PATIENCE_MILLIS / 100; tries++) {
            receive(100);
        }
        return peer.closed;
    }

    /** Says that it leaves; its line stays. */
    void leave() throws IOException {
        session.close();
    }

    @Override
    public void close() {
        line.close();
    }

    private static final class Peer extends DefaultTlsClient {
        private final Site site;
        private final boolean withId;
        private final @Nullable DeviceCredentials credentials;
        private boolean closed;

        Peer(Site site, boolean withId, @Nullable DeviceCredentials credentials) {
            super(CryptoProvider.crypto());
            this.site = site;
            this.withId = withId;
            this.credentials = credentials;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.DTLSv12.only();
        }

        /** Empty: the proxy need not use one towards this device. */
        @Override
        protected byte @Nullable [] getNewConnectionID() {
            return withId ? new byte[0] : null;
        }

        @Override
        public TlsAuthentication getAuthentication() {
            return new TlsAuthentication() {
                @Override
                public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                    return credentials == null ? null : credentials.in(context);
                }

                @Override
                public void notifyServerCertificate(TlsServerCertificate presented) throws IOException {
                    byte[] leaf = presented.getCertificate().getCertificateAt(0).getEncoded();
                    try {
                        if (!Arrays.equals(
                                leaf, site.identity().chain().getFirst().getEncoded())) {
                            throw new TlsFatalAlert(AlertDescription.bad_certificate);
                        }
                    } catch (CertificateEncodingException e) {
                        throw new IOException(e);
                    }
                }
            };
        }

        @Override
        public void notifyAlertReceived(short level, short description) {
            closed |= description == AlertDescription.close_notify;
        }
    }
}
