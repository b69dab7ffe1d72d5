package io.staplegate.handshake;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.identity.Identity;
import io.staplegate.identity.ServerNames;
import io.staplegate.staple.ChainStaples;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Vector;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * One listener's handshakes: makes the engine's server peer for each connection, and keeps what they share. Knows no
 * socket, so that a benchmark can drive an engine in memory. Safe for use by any thread.
 */
public final class Handshakes {
    private static final ChainStaples OFF = new ChainStaples(List.of(), false);

    /** Identities are compared by reference: those that a reload has replaced are let go after this. */
    private static final Duration UNUSED = Duration.ofHours(1);

    private final JcaTlsCrypto crypto;
    private final Groups groups;
    private final Vector<ProtocolName> alpn;
    private final Supplier<ServerNames> names;
    private final Function<Identity, ChainStaples> staples;
    private final KeyLog keyLog;
    private final Sessions sessions;
    private final LoadingCache<Identity, PreparedIdentity> prepared;

    /**
     * A listener's handshakes.
     *
     * @param crypto usually {@link CryptoProvider#crypto}
     * @param alpn application protocols in order of preference; empty: ALPN is not negotiated
     * @param names the identities in force, asked at each ClientHello
     * @param staples what can be stapled for an identity now, asked once a handshake
     * @param clock ends the sessions of a certificate that has expired
     */
    public Handshakes(
            JcaTlsCrypto crypto,
            List<String> alpn,
            Supplier<ServerNames> names,
            Function<Identity, ChainStaples> staples,
            KeyLog keyLog,
            InstantSource clock) {
        this.crypto = crypto;
        this.groups = Groups.of(crypto);
        this.alpn = EngineCollections.vector(
                alpn.stream().map(ProtocolName::asUtf8Encoding).toList());
        this.names = names;
        this.staples = staples;
        this.keyLog = keyLog;
        this.sessions = new Sessions(clock);
        this.prepared = Caffeine.newBuilder()
                .expireAfterAccess(UNUSED)
                .build(identity -> PreparedIdentity.of(identity, crypto));
    }

    /** The server's side of one handshake, for an engine to accept with. */
    public ServerPeer newPeer() {
        return new ServerPeer(this);
    }

    /** Whether a handshake may wait for a token: it must not run on an event loop. */
    public boolean mayBlock() {
        return names.get().anyKeyInToken();
    }

    JcaTlsCrypto crypto() {
        return crypto;
    }

    Groups groups() {
        return groups;
    }

    Vector<ProtocolName> alpn() {
        return alpn;
    }

    KeyLog keyLog() {
        return keyLog;
    }

    Sessions sessions() {
        return sessions;
    }

    /** The identities that answer to a name, most preferred first. */
    List<PreparedIdentity> matching(@Nullable String serverName) {
        return names.get().matching(serverName).stream().map(prepared::get).toList();
    }

    /** The chain of an identity with the staples of this moment. */
    StapledChain stapled(PreparedIdentity identity) {
        boolean off = identity.identity().config().stapling() == Stapling.OFF;
        return identity.stapled(off ? OFF : staples.apply(identity.identity()));
    }
}
