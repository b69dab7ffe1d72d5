package io.staplegate.handshake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.staplegate.identity.DevicePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sessions of one listener that may be resumed by id (R51). Bounded; safe for use by any thread. */
final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final TlsCrypto crypto;
    private final ProtocolVersion version;
    private final int most;
    private final Duration lifetime;
    private final InstantSource clock;
    private final Cache<ByteBuffer, KeptSession> byId;

    /**
     * No sessions yet.
     *
     * @param version of all of them: TLS 1.2 or DTLS 1.2
     * @param most how many, about 400 bytes each, and 1 KiB more with a certificate
     */
    Sessions(TlsCrypto crypto, ProtocolVersion version, int most, Duration lifetime, InstantSource clock) {
        this.crypto = crypto;
        this.version = version;
        this.most = most;
        this.lifetime = lifetime;
        this.clock = clock;
        this.byId = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfter(Expiry.<ByteBuffer, KeptSession>creating(
                        (id, session) -> Duration.between(clock.instant(), session.end())))
                .build();
    }

    /** The session with an id, where it may be resumed on the same terms. */
    @Nullable
    KeptSession resumable(byte[] id, SessionTerms terms) {
        KeptSession kept = id.length == 0 ? null : byId.getIfPresent(ByteBuffer.wrap(id));
        if (kept == null || clock.instant().isAfter(kept.end())) {
            return null;
        }
        byte[] digest = terms.digest(kept.pskIdentity());
        return digest != null && MessageDigest.isEqual(digest, kept.terms()) ? kept : null;
    }

    /**
     * The engine's form of a session, made for one handshake. It has no certificate of the device: the engine would
     * only hold it for as long as the connection lasts.
     */
    TlsSession inEngine(byte[] id, KeptSession kept, Suite suite) {
        SessionParameters parameters = new SessionParameters.Builder()
                .setCipherSuite(suite.code())
                .setExtendedMasterSecret(true)
                .setMasterSecret(crypto.createSecret(kept.masterSecret()))
                .setNegotiatedVersion(version)
                .setPSKIdentity(kept.pskIdentity())
                .build();
        return TlsUtils.importSession(id, parameters);
    }

    /**
     * Keeps a finished session, with extended master secret. Neither server extensions nor certificates are kept: the
     * engine would replay the extensions as they were, a staple that was not asked for this time among them.
     *
     * @param device whose session it is, where it has shown a certificate
     */
    void keep(TlsSession session, SessionTerms terms, @Nullable DevicePath device) throws IOException {
        SessionParameters finished = Objects.requireNonNull(session.exportSessionParameters(), "a finished session");
        byte[] pskIdentity = finished.getPSKIdentity();
        byte[] digest = terms.digest(pskIdentity);
        if (digest == null) {
            return;
        }
        Instant end = earlier(clock.instant().plus(lifetime), terms.end());
        byte[] secret = Secrets.copy(finished.getMasterSecret());
        KeptSession kept = device == null
                ? new KeptSession(secret, digest, end, pskIdentity, null)
                : new KeptSession(
                        secret, digest, earlier(end, device.end()), pskIdentity, KeptSession.Device.of(device));
        byId.put(ByteBuffer.wrap(session.getSessionID()), kept);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** Forgets those of devices that have shown a certificate. */
    void forget(Predicate<DevicePath> whose) {
        byId.asMap()
                .values()
                .removeIf(kept ->
                        kept.device() != null && whose.test(kept.device().path()));
    }

    /** Forgets the one with an id. */
    void forget(byte[] id) {
        byId.invalidate(ByteBuffer.wrap(id));
    }

    /** Writes those of this moment. */
    void writeTo(SessionFile file) throws IOException {
        file.write(byId.asMap(), clock.instant());
    }

    /** Adds those of a file. */
    void takeUp(SessionFile file) {
        Map<ByteBuffer, KeptSession> kept = file.read(most, clock.instant());
        byId.putAll(kept);
        if (!kept.isEmpty()) {
            LOG.atInfo().addKeyValue("sessions", kept.size()).log("kept sessions can be resumed");
        }
    }
}
