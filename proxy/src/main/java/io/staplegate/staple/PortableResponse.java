package io.staplegate.staple;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.staple.Knowledge.Held;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A verified response about one certificate, ready to be carried to a proxy without a path to the CA.
 *
 * @param identity name of the first identity that the certificate belongs to
 * @param certificate serial in lower-case hex
 * @param file a name for its file: unique to the certificate, and the same for each of its responses
 * @param thisUpdate from when on it holds
 * @param nextUpdate until when it holds
 * @param fetchedAt when it came
 * @param response in DER, as it came
 */
public record PortableResponse(
        String identity,
        String certificate,
        String file,
        Instant thisUpdate,
        Instant nextUpdate,
        Instant fetchedAt,
        byte[] response) {

    /** What a name in {@link #file} looks like. */
    public static final String FILE_NAME = "-?[0-9a-f]{1,128}-[0-9a-f]{8}\\.ocsp";

    /** Tells apart certificates of several CAs that have a serial in common. */
    private static final int KEY_DIGITS = 8;

    /** What is held of a certificate; null where that has ended, or never was. */
    static @Nullable PortableResponse of(String identity, TrackedCertificate certificate, Instant now) {
        Held held = certificate.knowledge().held();
        if (held == null || !certificate.isAnsweredAt(now)) {
            return null;
        }
        StapleTarget target = certificate.target();
        OcspAnswer answer = held.answer();
        return new PortableResponse(
                identity,
                target.serial(),
                target.serial() + "-" + target.key().substring(0, KEY_DIGITS) + ".ocsp",
                answer.thisUpdate(),
                answer.nextUpdate(),
                held.fetchedAt(),
                answer.der());
    }
}
