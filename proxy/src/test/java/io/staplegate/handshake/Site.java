package io.staplegate.handshake;

import io.staplegate.config.FileReference;
import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.config.KeySource;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.Dressing;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.staple.ChainStaples;
import io.staplegate.staple.Staple;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server for tests: a leaf below an intermediate below a root, with a staple for each certificate that it sends. */
public final class Site {
    private static final Duration VALIDITY = Duration.ofDays(2);

    private final Instant now;
    private final Authority root;
    private final Authority intermediate;
    private final KeyPair keys;
    private final Identity identity;
    private final List<Staple> staples;

    /** A server with a key of a kind that {@link Authority#newKeys} knows. */
    public Site(String keyKind) {
        this(keyKind, Stapling.AUTO, OnRevoked.STAPLE, leaf -> leaf);
    }

    public Site(String keyKind, Stapling stapling, OnRevoked onRevoked, UnaryOperator<Issuance> leaf) {
        now = Instant.now().minus(Duration.ofHours(1));
        root = Authority.root("Test root", now, VALIDITY);
        intermediate = root.intermediate(
                Issuance.named("Test intermediate").valid(now, VALIDITY).authority());
        keys = Authority.newKeys(keyKind);
        Issuance issuance = Issuance.named("localhost")
                .valid(now, VALIDITY)
                .names("localhost", "127.0.0.1", "*.devices.example")
                .serverAuth();
        X509Certificate certificate = intermediate.issue(leaf.apply(issuance), keys.getPublic());
        FileReference file = new FileReference("test.pem", Path.of("test.pem"));
        IdentityConfig config = new IdentityConfig(
                "site-" + keyKind,
                file,
                new KeySource.PemKey(file),
                null,
                null,
                stapling,
                StatusScope.CHAIN,
                onRevoked,
                List.of(),
                List.of());
        identity = new Identity(
                config,
                List.of(certificate, intermediate.certificate()),
                List.of(root.certificate()),
                keys.getPrivate(),
                false);
        staples = List.of(newStaple(certificate, intermediate), newStaple(intermediate.certificate(), root));
    }

    private Site(Site other, IdentityConfig config, PrivateKey key, boolean inToken) {
        now = other.now;
        root = other.root;
        intermediate = other.intermediate;
        keys = other.keys;
        staples = other.staples;
        identity = new Identity(config, other.identity.chain(), other.identity.issuers(), key, inToken);
    }

    /** The same server as a reload makes it. */
    public Site reloaded() {
        return new Site(this, identity.config(), identity.key(), false);
    }

    /** The same certificate under another name. */
    public Site renamed(String name) {
        IdentityConfig old = identity.config();
        IdentityConfig config = new IdentityConfig(
                name,
                old.certificate(),
                old.key(),
                old.keyPassword(),
                old.issuers(),
                old.stapling(),
                old.statusScope(),
                old.onRevoked(),
                old.responders(),
                old.export());
        return new Site(this, config, identity.key(), false);
    }

    /** The same server with its key in a token. */
    public Site inToken(Function<KeyPair, PrivateKey> handle) {
        return new Site(this, identity.config(), handle.apply(keys), true);
    }

    public Identity identity() {
        return identity;
    }

    public KeyPair keys() {
        return keys;
    }

    public X509Certificate root() {
        return root.certificate();
    }

    /** A good staple for every certificate that is sent. */
    public ChainStaples chainStaples() {
        return new ChainStaples(List.of(staple(0), staple(1)), false);
    }

    public ChainStaples leafStaple() {
        List<@Nullable Staple> staples = new ArrayList<>();
        staples.add(staple(0));
        staples.add(null);
        return new ChainStaples(staples, false);
    }

    public static ChainStaples noStaples() {
        List<@Nullable Staple> staples = new ArrayList<>();
        staples.add(null);
        staples.add(null);
        return new ChainStaples(staples, false);
    }

    /** The good staple for one certificate of the chain. */
    public Staple staple(int position) {
        return staples.get(position);
    }

    private Staple newStaple(X509Certificate subject, Authority issuer) {
        byte[] response = OcspReply.good(
                        OcspReply.certId(subject, issuer.certificate(), false), issuer, now, Duration.ofDays(1))
                .encode();
        return staple(response, Dressing.dress(response, issuer.certificate(), identity.chain()));
    }

    /** A staple of any bytes. */
    public Staple staple(byte[] response, byte[] dressed) {
        OcspAnswer answer = new OcspAnswer(
                response,
                OcspAnswer.Status.GOOD,
                now,
                now,
                now.plus(Duration.ofDays(1)),
                null,
                Set.of(CertIdHash.SHA1));
        return new Staple(answer, dressed, now);
    }
}
