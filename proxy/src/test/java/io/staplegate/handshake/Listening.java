package io.staplegate.handshake;

import io.staplegate.handshake.Handshakes.DtlsTerms;
import io.staplegate.identity.DeviceTrust;
import io.staplegate.identity.Identity;
import io.staplegate.identity.PresharedKeys;
import io.staplegate.identity.ServerNames;
import io.staplegate.staple.ChainStaples;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The handshakes of a listener for tests, with everything that it asks in plain sight. */
final class Listening {
    final Map<Identity, ChainStaples> staples = new HashMap<>();
    List<String> alpn = new ArrayList<>();
    boolean rsa;
    PresharedKeys keys = PresharedKeys.NONE;
    KeyLog keyLog;
    Instant now = Instant.now();

    /** Null: devices are not asked for a certificate. */
    @Nullable
    DeviceTrust trust;

    private ServerNames names;

    Listening(Site... sites) {
        serve(false, sites);
        try {
            keyLog = KeyLog.open(null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    final void serve(boolean strict, Site... sites) {
        for (Site site : sites) {
            staples.putIfAbsent(site.identity(), site.chainStaples());
        }
        names = ServerNames.of(List.of(sites).stream().map(Site::identity).toList(), strict);
    }

    Handshakes handshakes() {
        return new Handshakes(CryptoProvider.crypto(), alpn, () -> names, staples::get, keyLog, () -> now)
                .authenticating(() -> trust);
    }

    /** Those of the protocol that a device speaks. */
    Handshakes handshakes(Device device) {
        return device.overDtls() ? overDtls() : handshakes();
    }

    Handshakes overDtls() {
        DtlsTerms terms = new DtlsTerms(Duration.ofSeconds(1), rsa, () -> keys, 1000);
        return Handshakes.overDtls(CryptoProvider.crypto(), alpn, () -> names, staples::get, keyLog, () -> now, terms)
                .authenticating(() -> trust);
    }
}
