package io.staplegate.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.staplegate.handshake.CryptoProvider;
import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.jspecify.annotations.Nullable;

/** A client in memory whose bytes a test sends as it likes, and that also says what no decent client would. */
final class Hello extends DefaultTlsClient {
    private final ProtocolVersion version;
    private final Engine engine = new Engine();
    private short fragmentLength;
    int alert = -1;

    /** Says what a test wants. */
    static final class Engine extends TlsClientProtocol {
        void record(short type, byte... content) throws IOException {
            safeWriteRecord(type, content, 0, content.length);
        }

        void keyUpdate(boolean answer) throws IOException {
            send13KeyUpdate(answer);
        }

        void endOutput() throws IOException {
            raiseAlertWarning(AlertDescription.close_notify, null);
        }
    }

    private Hello(ProtocolVersion version) {
        super(CryptoProvider.crypto());
        this.version = version;
    }

    static Hello of(ProtocolVersion version) throws IOException {
        return of(version, (short) 0);
    }

    static Hello of(ProtocolVersion version, short fragmentLength) throws IOException {
        Hello hello = new Hello(version);
        hello.fragmentLength = fragmentLength;
        hello.engine.connect(hello);
        return hello;
    }

    Engine engine() {
        return engine;
    }

    /** What the client has to say now. */
    byte[] output() {
        byte[] bytes = new byte[engine.getAvailableOutputBytes()];
        engine.readOutput(bytes, 0, bytes.length);
        return bytes;
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        alert = description;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return version.only();
    }

    @Override
    public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
        @SuppressWarnings("unchecked")
        Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
        if (fragmentLength > 0) {
            TlsExtensionsUtils.addMaxFragmentLengthExtension(extensions, fragmentLength);
        }
        return extensions;
    }

    @Override
    protected Vector<ServerName> getSNIServerNames() {
        Vector<ServerName> names = new Vector<>(1);
        names.add(new ServerName(NameType.host_name, "localhost".getBytes(UTF_8)));
        return names;
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate certificate) {}

            @Override
            public @Nullable TlsCredentials getClientCredentials(CertificateRequest request) {
                return null;
            }
        };
    }
}
