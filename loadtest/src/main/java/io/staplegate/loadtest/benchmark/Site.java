package io.staplegate.loadtest.benchmark;

import io.staplegate.config.FileReference;
import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.config.KeySource;
import io.staplegate.demo.Authority;
import io.staplegate.demo.DemoPki;
import io.staplegate.demo.OcspReply;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.KeyLog;
import io.staplegate.identity.Identity;
import io.staplegate.identity.ServerNames;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.Dressing;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.staple.ChainStaples;
import io.staplegate.staple.Staple;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;

/** The demo's server in memory: a P-256 leaf below an intermediate below a root, a staple for each that is sent. */
final class Site {
    private static final URI NO_RESPONDER = URI.create("http://127.0.0.1/");
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final Instant now = Instant.now();
    private final Identity identity;
    private final ChainStaples staples;

    Site() {
        DemoPki pki = DemoPki.issue(NO_RESPONDER, now);
        X509Certificate intermediate = pki.intermediate().certificate();
        FileReference file = new FileReference("in memory", Path.of("in memory"));
        IdentityConfig config = new IdentityConfig(
                "benchmark",
                file,
                new KeySource.PemKey(file),
                null,
                null,
                Stapling.AUTO,
                StatusScope.CHAIN,
                OnRevoked.STAPLE,
                List.of(),
                List.of());
        identity = new Identity(
                config, List.of(pki.server(), intermediate), List.of(pki.root().certificate()), pki.serverKey(), false);
        staples = new ChainStaples(
                List.of(staple(pki.server(), pki.intermediate()), staple(intermediate, pki.root())), false);
    }

    /** A listener's handshakes, as the proxy makes them. */
    Handshakes handshakes(JcaTlsCrypto crypto) throws IOException {
        ServerNames names = ServerNames.of(List.of(identity), false);
        return new Handshakes(
                crypto, List.of(), () -> names, any -> staples, KeyLog.open(null), InstantSource.system());
    }

    private Staple staple(X509Certificate subject, Authority issuer) {
        byte[] response = OcspReply.good(OcspReply.certId(subject, issuer.certificate(), false), issuer, now, VALIDITY)
                .encode();
        OcspAnswer answer = new OcspAnswer(
                response, OcspAnswer.Status.GOOD, now, now, now.plus(VALIDITY), null, Set.of(CertIdHash.SHA1));
        return new Staple(answer, Dressing.dress(response, issuer.certificate(), identity.chain()), now);
    }
}
