package io.staplegate.handshake;

import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.handshake.Choice.ByCertificate;
import io.staplegate.handshake.Choice.ByPresharedKey;
import io.staplegate.handshake.Suite.KeyExchange;
import io.staplegate.identity.Identity;
import io.staplegate.identity.PresharedKeys;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/**
 * What serves a ClientHello: a certificate where one fits, else a pre-shared key, so that a fleet can go from keys to
 * certificates device by device. Server names choose certificates; a pre-shared key needs none.
 */
final class Negotiation {
    private final Handshakes listener;
    private final ClientOffer offer;
    private final boolean groupInCommon;

    Negotiation(Handshakes listener, ClientOffer offer) {
        this.listener = listener;
        this.offer = offer;
        this.groupInCommon = listener.groups().choose(offer) >= 0;
    }

    /**
     * The choice, or null where client and server have too little in common.
     *
     * @throws TlsFatalAlert where nobody has the server's name, or the operator refuses
     */
    @Nullable
    Choice outcome() throws TlsFatalAlert {
        List<PreparedIdentity> matching = listener.matching(offer.serverName());
        Choice choice = byCertificate(matching);
        if (choice == null) {
            choice = byPresharedKey();
        }
        if (choice == null && matching.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.unrecognized_name, "no identity has the server name");
        }
        return choice;
    }

    private @Nullable Choice byCertificate(List<PreparedIdentity> matching) throws TlsFatalAlert {
        if (!offer.tls13() && !groupInCommon) {
            return null;
        }
        for (PreparedIdentity candidate : matching) {
            Suite suite = Suite.choose(offer.suites(), listener.suites(), Set.of(keyExchange(candidate)));
            SigningScheme scheme = candidate.scheme(offer);
            if (suite != null && scheme != null) {
                StapledChain stapled = listener.stapled(candidate);
                refuseIfUnfit(candidate.identity(), stapled);
                return new ByCertificate(candidate, suite, scheme, stapled);
            }
        }
        return null;
    }

    private KeyExchange keyExchange(PreparedIdentity candidate) {
        if (offer.tls13()) {
            return KeyExchange.OF_TLS13;
        }
        return switch (candidate.identity().keyType()) {
            case RSA -> KeyExchange.ECDHE_RSA;
            case EC, ED25519 -> KeyExchange.ECDHE_ECDSA;
        };
    }

    /** What the operator said of revoked certificates, and of clients that ask and cannot be served (R32). */
    private void refuseIfUnfit(Identity identity, StapledChain chain) throws TlsFatalAlert {
        if (chain.source().leafRevoked() && identity.config().onRevoked() == OnRevoked.REFUSE) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "the certificate is revoked");
        }
        boolean must = identity.config().stapling() == Stapling.MUST || identity.mustStaple();
        if (must && chain.kind(offer.status()) == StapleKind.NONE) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "no staple, and one is a must");
        }
    }

    private @Nullable Choice byPresharedKey() {
        PresharedKeys keys = listener.presharedKeys();
        if (keys.isEmpty()) {
            return null;
        }
        EnumSet<KeyExchange> usable = EnumSet.of(KeyExchange.PSK);
        if (groupInCommon) {
            usable.add(KeyExchange.ECDHE_PSK);
        }
        Suite suite = Suite.choose(offer.suites(), listener.suites(), usable);
        return suite == null ? null : new ByPresharedKey(suite, keys);
    }
}
