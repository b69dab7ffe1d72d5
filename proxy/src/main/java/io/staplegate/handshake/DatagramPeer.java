package io.staplegate.handshake;

import io.staplegate.handshake.Choice.ByPresharedKey;
import io.staplegate.handshake.Handshakes.DtlsTerms;
import io.staplegate.identity.PresharedKeys;
import java.io.IOException;
import java.util.Hashtable;
import java.util.function.Supplier;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsPSKIdentityManager;
import org.jspecify.annotations.Nullable;

/** The server's side of one handshake over DTLS 1.2: with pre-shared keys and connection ids, which only that has. */
final class DatagramPeer extends ServerPeer {
    private static final ProtocolVersion[] VERSIONS = ProtocolVersion.DTLSv12.only();

    private final int retransmitMillis;
    private @Nullable Supplier<byte @Nullable []> connectionIds;

    DatagramPeer(Handshakes listener, DtlsTerms terms, Supplier<byte @Nullable []> connectionIds) {
        super(listener);
        this.retransmitMillis = Math.toIntExact(terms.retransmit().toMillis());
        this.connectionIds = connectionIds;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return VERSIONS;
    }

    @Override
    public int getHandshakeResendTimeMillis() {
        return retransmitMillis;
    }

    /** Over datagrams the engine agrees on a version only after it has handed over the extensions. */
    @Override
    @SuppressWarnings("rawtypes") // the engine's signature
    public void processClientExtensions(Hashtable clientExtensions) throws IOException {
        super.getServerVersion();
        super.processClientExtensions(clientExtensions);
    }

    /** A ClientHello may have no extensions at all, and then none are handed over: a pre-shared key needs none. */
    @Override
    public ProtocolVersion getServerVersion() throws IOException {
        ProtocolVersion agreed = super.getServerVersion();
        if (!hasNegotiated()) {
            negotiate(EngineCollections.noExtensions());
        }
        return agreed;
    }

    /** Asked for once in a handshake, also in a resumed one, where the device offers to use one (RFC 9146 §3). */
    @Override
    protected byte @Nullable [] getNewConnectionID() {
        Supplier<byte @Nullable []> ids = connectionIds;
        connectionIds = null;
        return ids == null ? null : ids.get();
    }

    @Override
    public @Nullable TlsPSKIdentityManager getPSKIdentityManager() {
        return choice() instanceof ByPresharedKey chosen ? new KeyBook(chosen.keys()) : null;
    }

    /** The engine ends the handshake with unknown_psk_identity(115) where there is no key (RFC 4279 §2). */
    private record KeyBook(PresharedKeys keys) implements TlsPSKIdentityManager {
        @Override
        public byte @Nullable [] getHint() {
            return null;
        }

        @Override
        public byte @Nullable [] getPSK(byte[] identity) {
            return keys.key(identity);
        }
    }
}
