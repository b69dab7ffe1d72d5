package io.staplegate.handshake;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.identity.DevicePath;
import io.staplegate.identity.DeviceTrust;
import io.staplegate.identity.Identity;
import io.staplegate.identity.PresharedKeys;
import io.staplegate.identity.ServerNames;
import io.staplegate.staple.ChainStaples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.Vector;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * One listener's handshakes: makes the engine's server peer for each connection, and keeps what they share. Knows no
 * socket, so that a benchmark can drive an engine in memory. Safe for use by any thread.
 */
public final class Handshakes {
    private static final ChainStaples OFF = new ChainStaples(List.of(), false);

    private static final int MOST_TLS_SESSIONS = 20_000;
    private static final Duration TLS_SESSION = Duration.ofHours(1);

    /** Of devices that wake up once a day. */
    private static final Duration DTLS_SESSION = Duration.ofHours(24);

    /** Identities are compared by reference: those that a reload has replaced are let go after this. */
    private static final Duration UNUSED = Duration.ofHours(1);

    private final JcaTlsCrypto crypto;
    private final Groups groups;
    private final List<String> alpnNames;
    private final Vector<ProtocolName> alpn;
    private final Supplier<ServerNames> names;
    private final Function<Identity, ChainStaples> staples;
    private final KeyLog keyLog;
    private final InstantSource clock;
    private final @Nullable DtlsTerms dtls;
    private final Supplier<@Nullable DeviceTrust> trust;
    private final Set<Suite> suites;
    private final int[] suiteCodes;
    private final Sessions sessions;
    private final LoadingCache<Identity, PreparedIdentity> prepared;
    private volatile @Nullable PreparedTrust latestTrust;

    /**
     * A listener's handshakes.
     *
     * @param crypto usually {@link CryptoProvider#crypto}
     * @param alpn application protocols in order of preference; empty: ALPN is not negotiated
     * @param names the identities in force, asked at each ClientHello
     * @param staples what can be stapled for an identity now, asked once a handshake
     * @param clock ends the sessions of a certificate that has expired, and tells whether a device's is valid
     */
    public Handshakes(
            JcaTlsCrypto crypto,
            List<String> alpn,
            Supplier<ServerNames> names,
            Function<Identity, ChainStaples> staples,
            KeyLog keyLog,
            InstantSource clock) {
        this(crypto, alpn, names, staples, keyLog, clock, null, () -> null);
    }

    private Handshakes(
            JcaTlsCrypto crypto,
            List<String> alpn,
            Supplier<ServerNames> names,
            Function<Identity, ChainStaples> staples,
            KeyLog keyLog,
            InstantSource clock,
            @Nullable DtlsTerms dtls,
            Supplier<@Nullable DeviceTrust> trust) {
        this.crypto = crypto;
        this.groups = Groups.of(crypto);
        this.alpnNames = List.copyOf(alpn);
        this.alpn = EngineCollections.vector(
                alpn.stream().map(ProtocolName::asUtf8Encoding).toList());
        this.names = names;
        this.staples = staples;
        this.keyLog = keyLog;
        this.clock = clock;
        this.dtls = dtls;
        this.trust = trust;
        this.suites = dtls == null ? Suite.ofTls() : Suite.ofDtls(dtls.rsa());
        this.suiteCodes = suites.stream().mapToInt(Suite::code).toArray();
        this.sessions = dtls == null
                ? new Sessions(crypto, ProtocolVersion.TLSv12, MOST_TLS_SESSIONS, TLS_SESSION, clock)
                : new Sessions(crypto, ProtocolVersion.DTLSv12, dtls.mostSessions(), DTLS_SESSION, clock);
        this.prepared = Caffeine.newBuilder()
                .expireAfterAccess(UNUSED)
                .build(identity -> PreparedIdentity.of(identity, crypto));
    }

    /**
     * A DTLS listener's handshakes: the same, over datagrams.
     *
     * @param alpn as for TLS
     * @param terms what only DTLS has
     */
    public static Handshakes overDtls(
            JcaTlsCrypto crypto,
            List<String> alpn,
            Supplier<ServerNames> names,
            Function<Identity, ChainStaples> staples,
            KeyLog keyLog,
            InstantSource clock,
            DtlsTerms terms) {
        return new Handshakes(crypto, alpn, names, staples, keyLog, clock, terms, () -> null);
    }

    /**
     * The same, without a session yet, where devices are asked for their certificates.
     *
     * @param devices which of them are believed, asked at each handshake; null: none is asked for a certificate
     */
    public Handshakes authenticating(Supplier<@Nullable DeviceTrust> devices) {
        return new Handshakes(crypto, alpnNames, names, staples, keyLog, clock, dtls, devices);
    }

    /**
     * What only DTLS has.
     *
     * @param retransmit the initial retransmission timer (RFC 6347 §4.2.4.1)
     * @param rsa whether the cipher suites that need an RSA certificate are offered, too
     * @param presharedKeys the devices' keys in force, asked at each handshake; empty: no PSK suite is offered
     * @param mostSessions how many sessions can be resumed at most
     */
    public record DtlsTerms(
            Duration retransmit, boolean rsa, Supplier<PresharedKeys> presharedKeys, int mostSessions) {}

    /** The server's side of one handshake over TLS, for an engine to accept with. */
    public ServerPeer newPeer() {
        if (dtls != null) {
            throw new IllegalStateException("dtls == null: " + dtls);
        }
        return new ServerPeer(this);
    }

    /**
     * The server's side of one handshake over DTLS.
     *
     * @param connectionIds makes an id for this session; asked at most once, where the device offers to use one (RFC
     *     9146), and answers null where there is to be none
     */
    public ServerPeer newPeer(Supplier<byte @Nullable []> connectionIds) {
        if (dtls == null) {
            throw new IllegalStateException("dtls != null");
        }
        return new DatagramPeer(this, dtls, connectionIds);
    }

    /**
     * Takes up the sessions that {@link #keepSessions} wrote, where there are any. What cannot be read or is of another
     * key, listener or version is logged and forgotten.
     *
     * @param key 32 bytes
     */
    public void takeUpSessions(Path file, byte[] key, String listener) {
        sessions.takeUp(new SessionFile(file, key, listener));
    }

    /**
     * Writes the sessions that can be resumed, encrypted and atomically: at most 256 bytes each.
     *
     * @param key 32 bytes
     * @throws IOException where the file cannot be written; the old one is still there
     */
    public void keepSessions(Path file, byte[] key, String listener) throws IOException {
        sessions.writeTo(new SessionFile(file, key, listener));
    }

    /** Whether a handshake may wait for a token, or validate a path: it must not run on an event loop. */
    public boolean mayBlock() {
        return trust.get() != null || names.get().anyKeyInToken();
    }

    /**
     * Forgets the sessions of devices that have shown a certificate: their next handshake is a full one. Takes some 20
     * µs for each session that is kept.
     */
    public void forgetSessions(Predicate<DevicePath> whose) {
        sessions.forget(whose);
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

    /** What this listener has, pre-shared keys or not. */
    Set<Suite> suites() {
        return suites;
    }

    /** The same for the engine, which does not change it. */
    int[] suiteCodes() {
        return suiteCodes;
    }

    /** The pre-shared keys of this moment. */
    PresharedKeys presharedKeys() {
        return dtls == null ? PresharedKeys.NONE : dtls.presharedKeys().get();
    }

    /** Which devices' certificates are believed at this moment; null: none is asked for. */
    @Nullable
    PreparedTrust trust() {
        DeviceTrust current = trust.get();
        if (current == null) {
            return null;
        }
        PreparedTrust known = latestTrust;
        if (known == null || known.trust() != current) {
            known = PreparedTrust.of(current);
            latestTrust = known;
        }
        return known;
    }

    InstantSource clock() {
        return clock;
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
