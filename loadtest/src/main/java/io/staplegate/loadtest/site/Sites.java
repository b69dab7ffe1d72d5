package io.staplegate.loadtest.site;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.loadtest.server.PemFile;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * Many identities of one proxy: a certificate each, by one CA, for one P-256 key that they have in common, as files.
 *
 * @param folder where the files are
 * @param authority the root that issued them all
 * @param certificates of the sites; serials are 1 and up
 */
public record Sites(Path folder, Authority authority, List<X509Certificate> certificates) {
    /** They outlive every simulation. */
    private static final Duration LIFETIME = Duration.ofDays(800);

    private static final Duration HEAD_START = Duration.ofHours(1);

    /**
     * Issues them, and writes them into a folder.
     *
     * @param responders what each names as its OCSP responders, in order
     */
    public static Sites issue(Path folder, int count, Instant now, Collection<URI> responders) throws IOException {
        Instant start = now.minus(HEAD_START);
        Authority authority = Authority.root("Load test root", start, LIFETIME);
        KeyPair keys = Authority.newKeys("EC");
        URI[] urls = responders.toArray(URI[]::new);
        List<X509Certificate> certificates = IntStream.range(0, count)
                .parallel()
                .mapToObj(site -> authority.issue(
                        Issuance.named(serverName(site))
                                .valid(start, LIFETIME)
                                .serial(BigInteger.valueOf(site + 1L))
                                .names(serverName(site))
                                .serverAuth()
                                .responders(urls),
                        keys.getPublic()))
                .toList();
        Files.createDirectories(folder);
        PemFile.write(folder.resolve("root.pem"), authority.certificate());
        PemFile.write(folder.resolve("site.key"), new JcaPKCS8Generator(keys.getPrivate(), null));
        for (int site = 0; site < count; site++) {
            PemFile.write(folder.resolve(name(site) + ".pem"), certificates.get(site));
        }
        return new Sites(folder, authority, certificates);
    }

    /** How many there are. */
    public int count() {
        return certificates.size();
    }

    /** What a device says to get the certificate of a site. */
    public static String serverName(int site) {
        return name(site) + ".example";
    }

    private static String name(int site) {
        return String.format(Locale.ROOT, "site-%05d", site);
    }

    /** The sections {@code identities} and {@code listeners} of a configuration: one TLS listener, on a free port. */
    public String configuration() {
        String identities = IntStream.range(0, count())
                .mapToObj(Sites::name)
                .map(name -> "  - { name: %s, certificate: %s.pem, key: site.key, issuers: root.pem }\n"
                        .formatted(name, name))
                .collect(Collectors.joining("", "identities:\n", ""));
        String names = IntStream.range(0, count()).mapToObj(Sites::name).collect(Collectors.joining(", "));
        return identities
                + "listeners:\n  - { name: tls, bind: \"127.0.0.1:0\", backend: echo, identities: [%s] }\n"
                        .formatted(names);
    }
}
