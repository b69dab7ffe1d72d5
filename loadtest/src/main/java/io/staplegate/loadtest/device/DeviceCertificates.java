package io.staplegate.loadtest.device;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.probe.ClientCertificate;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The certificates of many devices: one each, by one CA, over a P-256 key that they have in common.
 *
 * @param authority that issued them: a root
 * @param all by the device's number; serials are 1 and up
 */
public record DeviceCertificates(Authority authority, KeyPair keys, List<X509Certificate> all) {
    private static final Duration LIFETIME = Duration.ofDays(30);
    private static final Duration HEAD_START = Duration.ofHours(1);

    /** Issues them. {@code responders}: what each names as its OCSP responders; none: no source of revocation. */
    public static DeviceCertificates issue(String authorityName, int count, Instant now, URI... responders) {
        Instant start = now.minus(HEAD_START);
        Authority authority = Authority.root(authorityName, start, LIFETIME);
        KeyPair keys = Authority.newKeys("EC");
        List<X509Certificate> all = IntStream.range(0, count)
                .parallel()
                .mapToObj(device -> {
                    Issuance issuance = Issuance.named("device-" + device)
                            .valid(start, LIFETIME)
                            .serial(BigInteger.valueOf(device + 1L))
                            .clientAuth();
                    return authority.issue(
                            responders.length == 0 ? issuance : issuance.responders(responders), keys.getPublic());
                })
                .toList();
        return new DeviceCertificates(authority, keys, all);
    }

    /** What a device shows. */
    public ClientCertificate of(int device) {
        return new ClientCertificate(List.of(all.get(device)), keys.getPrivate());
    }
}
