package io.staplegate.probe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a device says in its ClientHello. Immutable: each method returns another.
 *
 * @param versions of TLS, newest first; or DTLS 1.2 alone
 * @param groups most preferred first; a key share is sent for the first alone
 * @param serverName for SNI; null: none is sent
 * @param status what it asks for
 * @param certificate its own; null: it has none
 */
public record Device(
        List<TlsVersion> versions,
        List<Group> groups,
        @Nullable String serverName,
        StatusWish status,
        @Nullable ClientCertificate certificate) {
    /** A device that speaks TLS 1.3 and 1.2, prefers P-256, and asks for its server's status. */
    public static Device usual() {
        return new Device(
                List.of(TlsVersion.TLS13, TlsVersion.TLS12),
                List.of(Group.P256, Group.X25519),
                null,
                StatusWish.V1,
                null);
    }

    /** The same over DTLS 1.2, which offers to use a connection id. */
    public static Device overDtls() {
        return usual().speaking(TlsVersion.DTLS12);
    }

    public Device speaking(TlsVersion only) {
        return new Device(List.of(only), groups, serverName, status, certificate);
    }

    public Device offering(Group only) {
        return new Device(versions, List.of(only), serverName, status, certificate);
    }

    public Device naming(@Nullable String server) {
        return new Device(versions, groups, server, status, certificate);
    }

    public Device asking(StatusWish wish) {
        return new Device(versions, groups, serverName, wish, certificate);
    }

    public Device showing(@Nullable ClientCertificate own) {
        return new Device(versions, groups, serverName, status, own);
    }

    boolean speaksDtls() {
        return versions.contains(TlsVersion.DTLS12);
    }
}
