package io.staplegate.handshake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.staplegate.identity.Identity;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/** The TLS 1.2 sessions of one listener that may be resumed by id (R51). Bounded; safe for use by any thread. */
final class Sessions {
    /** About 600 bytes each. */
    private static final int MOST = 20_000;

    private static final Duration LIFETIME = Duration.ofHours(1);

    private final InstantSource clock;
    private final Cache<ByteBuffer, Entry> byId =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LIFETIME).build();

    Sessions(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * What must be the same for a session to be resumed. A new identity table makes new identities, which are compared
     * by reference: a reload ends every session.
     *
     * @param suite what the server would choose for a full handshake
     */
    record Terms(Identity identity, Suite suite, @Nullable String serverName) {}

    /** The session with an id, where it may be resumed on the same terms. */
    @Nullable
    TlsSession resumable(byte[] id, Terms terms) {
        Entry entry = id.length == 0 ? null : byId.getIfPresent(ByteBuffer.wrap(id));
        if (entry == null || !entry.terms.equals(terms)) {
            return null;
        }
        boolean expired =
                clock.instant().isAfter(terms.identity().leaf().getNotAfter().toInstant());
        return expired ? null : entry.session;
    }

    /**
     * Keeps a session without its server extensions: the engine would replay them as they were, a staple that was not
     * asked for this time among them. The certificates go too.
     */
    void keep(TlsSession session, Terms terms) {
        SessionParameters full = Objects.requireNonNull(session.exportSessionParameters(), "a finished session");
        SessionParameters kept = new SessionParameters.Builder()
                .setCipherSuite(full.getCipherSuite())
                .setExtendedMasterSecret(full.isExtendedMasterSecret())
                .setMasterSecret(full.getMasterSecret())
                .setNegotiatedVersion(full.getNegotiatedVersion())
                .build();
        byte[] id = session.getSessionID();
        byId.put(ByteBuffer.wrap(id), new Entry(TlsUtils.importSession(id, kept), terms));
    }

    private record Entry(TlsSession session, Terms terms) {}
}
