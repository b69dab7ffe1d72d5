package io.staplegate.handshake;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.tls.crypto.TlsSecret;

/** The bytes of the engine's secrets. */
final class Secrets {
    private Secrets() {}

    /** A copy; the secret stays usable. To "encrypt" is the one way to see a secret that does not destroy it. */
    static byte[] copy(TlsSecret secret) throws IOException {
        return secret.encrypt((bytes, offset, length) -> Arrays.copyOfRange(bytes, offset, offset + length));
    }
}
