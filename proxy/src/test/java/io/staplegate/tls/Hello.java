package io.staplegate.tls;

import io.staplegate.handshake.CryptoProvider;
import java.io.IOException;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.jspecify.annotations.Nullable;

/** A client in memory whose bytes a test sends as it likes. */
final class Hello extends DefaultTlsClient {
    private final ProtocolVersion version;
    private final TlsClientProtocol engine = new TlsClientProtocol();

    private Hello(ProtocolVersion version) {
        super(CryptoProvider.crypto());
        this.version = version;
    }

    static Hello of(ProtocolVersion version) throws IOException {
        Hello hello = new Hello(version);
        hello.engine.connect(hello);
        return hello;
    }

    TlsClientProtocol engine() {
        return engine;
    }

    /** What the client has to say now. */
    byte[] output() {
        byte[] bytes = new byte[engine.getAvailableOutputBytes()];
        engine.readOutput(bytes, 0, bytes.length);
        return bytes;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return version.only();
    }

    @Override
    protected Vector<ServerName> getSNIServerNames() {
        Vector<ServerName> names = new Vector<>();
        names.add(new ServerName(NameType.host_name, "localhost".getBytes()));
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
