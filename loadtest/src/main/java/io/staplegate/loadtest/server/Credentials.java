package io.staplegate.loadtest.server;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.StatusBook;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * What every server under test presents, as files that each of them reads: a P-256 chain, its key, and the leaf's
 * staple, which its issuer signed and is named in, so that no server needs to dress it.
 */
public final class Credentials {
    private static final Duration LIFETIME = Duration.ofDays(7);
    private static final Duration HEAD_START = Duration.ofHours(1);

    private final Path folder;
    private final List<X509Certificate> chain;
    private final Map<BigInteger, byte[]> responses;

    private Credentials(Path folder, List<X509Certificate> chain, Map<BigInteger, byte[]> responses) {
        this.folder = folder;
        this.chain = chain;
        this.responses = responses;
    }

    /**
     * Issues everything and writes it into a folder.
     *
     * @param intermediate whether there is one between the root and the leaf
     */
    public static Credentials issue(Path folder, boolean intermediate, Instant now) throws IOException {
        Instant start = now.minus(HEAD_START);
        Authority root = Authority.root("Load test root", start, LIFETIME);
        Authority issuer =
                intermediate ? root.intermediate(Issuance.named("Intermediate").valid(start, LIFETIME)) : root;
        KeyPair keys = Authority.newKeys("EC");
        X509Certificate leaf = issuer.issue(
                Issuance.named("localhost")
                        .valid(start, LIFETIME)
                        .names("localhost", "127.0.0.1")
                        .serverAuth(),
                keys.getPublic());
        Map<BigInteger, byte[]> responses = new HashMap<>();
        responses.put(leaf.getSerialNumber(), good(leaf, issuer, now));
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        if (intermediate) {
            chain.add(issuer.certificate());
            responses.put(issuer.certificate().getSerialNumber(), good(issuer.certificate(), root, now));
        }
        Credentials credentials = new Credentials(folder, List.copyOf(chain), responses);
        PemFile.write(credentials.root(), root.certificate());
        PemFile.write(credentials.leaf(), leaf);
        PemFile.write(
                credentials.intermediates(), chain.subList(1, chain.size()).toArray());
        PemFile.write(credentials.chain(), chain.toArray());
        PemFile.write(credentials.key(), new JcaPKCS8Generator(keys.getPrivate(), null));
        Files.write(credentials.staple(), credentials.response(leaf));
        return credentials;
    }

    /** What devices trust. */
    public Path root() {
        return folder.resolve("root.pem");
    }

    public Path leaf() {
        return folder.resolve("leaf.pem");
    }

    /** Empty where the root issued the leaf. */
    public Path intermediates() {
        return folder.resolve("intermediates.pem");
    }

    /** The leaf, then the intermediate. */
    public Path chain() {
        return folder.resolve("chain.pem");
    }

    /** The leaf's key, in PKCS#8. */
    public Path key() {
        return folder.resolve("leaf-key.pem");
    }

    /** The leaf's staple, in DER. */
    public Path staple() {
        return folder.resolve("leaf.ocsp");
    }

    public boolean hasIntermediate() {
        return chain.size() > 1;
    }

    /** Bytes of all certificates that are sent: the C of R52. */
    public int chainBytes() {
        int bytes = 0;
        for (X509Certificate certificate : chain) {
            bytes += encoded(certificate).length;
        }
        return bytes;
    }

    /** Bytes of the leaf's staple: the O of R52. */
    public int stapleBytes() {
        return response(chain.getFirst()).length;
    }

    /** The response to a request, as a responder gives it: the same bytes each time. */
    byte[] answer(byte[] request) {
        return StatusBook.asked(request)
                .map(asked -> responses.get(asked.getSerialNumber()))
                .orElseGet(() -> StatusBook.error(OCSPRespBuilder.UNAUTHORIZED));
    }

    private byte[] response(X509Certificate certificate) {
        return responses.getOrDefault(certificate.getSerialNumber(), new byte[0]);
    }

    private static byte[] good(X509Certificate subject, Authority issuer, Instant now) {
        var certId = OcspReply.certId(subject, issuer.certificate(), false);
        return OcspReply.good(certId, issuer, now, LIFETIME.minus(HEAD_START))
                .namedByName()
                .encode();
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("an issued certificate has no encoding", e);
        }
    }
}
