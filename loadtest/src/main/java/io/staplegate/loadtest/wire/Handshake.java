package io.staplegate.loadtest.wire;

import java.util.List;
import java.util.Locale;

/** One kind of handshake by one client with one suite. */
record Handshake(Kind kind, Client client, Suite suite) {
    /** A resumed one comes right behind a full one by the same client, whose session it takes up. */
    static final List<Handshake> ALL = List.of(
            new Handshake(Kind.FULL, Client.OPENSSL, Suite.GCM),
            new Handshake(Kind.FULL, Client.OPENSSL, Suite.CCM_8),
            new Handshake(Kind.RESUMED, Client.OPENSSL, Suite.CCM_8),
            new Handshake(Kind.FULL, Client.GNUTLS, Suite.GCM),
            new Handshake(Kind.FULL, Client.GNUTLS, Suite.CCM_8),
            new Handshake(Kind.PSK, Client.OPENSSL, Suite.PSK_CCM_8),
            new Handshake(Kind.PSK, Client.GNUTLS, Suite.PSK_CCM_8));

    /** What the two sides have in common before. */
    enum Kind {
        /** Nothing: certificate and staple are sent. */
        FULL,
        /** A session: neither is sent. */
        RESUMED,
        /** A pre-shared key. */
        PSK;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
