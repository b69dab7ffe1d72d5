package io.staplegate.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which identities answer to which server name, on one listener. Immutable. */
public final class ServerNames {
    private ServerNames() {}

    /**
     * The names of some identities.
     *
     * @param strict refuse a handshake without a matching name, rather than fall back to the first identity
     */
    public static ServerNames of(List<Identity> identities, boolean strict) {
        throw new UnsupportedOperationException(identities.size() + " " + strict);
    }

    /**
     * The identities that answer to a name, most preferred first (EC before RSA); empty: refuse the handshake with
     * {@code unrecognized_name}.
     *
     * @param name as the device sent it; null where it sent none
     */
    public List<Identity> matching(@Nullable String name) {
        throw new UnsupportedOperationException(name);
    }
}
