package io.staplegate.probe;

import org.bouncycastle.tls.NamedGroup;

/** The key exchange groups that a device may offer. */
public enum Group {
    P256(NamedGroup.secp256r1),
    X25519(NamedGroup.x25519);

    private final int number;

    Group(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
