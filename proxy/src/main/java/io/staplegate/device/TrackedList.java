package io.staplegate.device;

import io.staplegate.device.RevocationLists.RevocationList;
import io.staplegate.fetch.Download;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.CrlVerdict;
import io.staplegate.ocsp.IssuerId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One URL of one CA, and the list that was fetched there last. Changed by one thread at a time, whoever has begun a
 * fetch; what is held is read by any.
 */
final class TrackedList {
    private static final Logger LOG = LoggerFactory.getLogger(TrackedList.class);

    private final URI url;
    private final X509Certificate issuer;
    private final IssuerId issuerId;
    private final String key;
    private final Schedule schedule;
    private volatile @Nullable Held held;
    private volatile Instant changed = Instant.MIN;
    private volatile Instant nextFetch = Instant.MIN;
    private Download.Version version = Download.Version.NONE;
    private @Nullable Refusal refusal;
    private int failures;
    private int refusals;

    private record Held(RevocationList list, CrlVerdict.Valid verdict) {}

    TrackedList(URI url, X509Certificate issuer, Schedule schedule) {
        this.url = url;
        this.issuer = issuer;
        this.issuerId = IssuerId.of(CertIdHash.SHA256, issuer);
        this.key = key(url, issuerId);
        this.schedule = schedule;
    }

    URI url() {
        return url;
    }

    X509Certificate issuer() {
        return issuer;
    }

    IssuerId issuerId() {
        return issuerId;
    }

    /** What its file is named by: unique to the CA and the URL. */
    String key() {
        return key;
    }

    /** The list, if it holds at a moment. */
    @Nullable
    RevocationList listAt(Instant now) {
        Held known = held;
        return known != null && now.isBefore(known.list.nextUpdate()) ? known.list : null;
    }

    /** Bytes that are held. */
    long size() {
        Held known = held;
        return known == null ? 0 : known.list.der().length;
    }

    /** Whether it is time for a fetch. A clock that was set back does not put it off. */
    boolean isDueAt(Instant now) {
        return !now.isBefore(nextFetch) || now.isBefore(changed);
    }

    /** What speaks against the file that the server had last, and will again if it has not changed; null: nothing. */
    @Nullable
    Refusal refusalAt(Instant now) {
        return refusal != null && refusal.standsAt(now) ? refusal : null;
    }

    /** The version of what is held, which need not be sent again. */
    Download.Version versionAt(Instant now) {
        return listAt(now) == null ? Download.Version.NONE : version;
    }

    /** Whether these bytes are what is held, and hold. */
    boolean isHeldAt(Instant now, byte[] der) {
        RevocationList list = listAt(now);
        return list != null && Arrays.equals(der, list.der());
    }

    /**
     * Whether a list was signed before the one that is held, and holds: somebody replays it. One that has ended is no
     * measure: a CA that was set up anew counts from 1 again.
     */
    boolean isOutdatedAt(Instant now, CrlVerdict.Valid verdict) {
        Held known = held;
        return known != null && listAt(now) != null && verdict.isOlderThan(known.verdict);
    }

    /** When the list that is held ends, if there is one. */
    Instant end() {
        Held known = held;
        return known == null ? Instant.MIN : known.list.nextUpdate();
    }

    /** Holds a list that has been verified. */
    void hold(byte[] der, CrlVerdict.Valid verdict, Instant now) {
        held = new Held(new RevocationList(der, verdict.thisUpdate(), verdict.nextUpdate()), verdict);
        plan(verdict, now);
    }

    /** The server has what is held, or something newer that is held by now. */
    void fetched(Download.Version current, Instant now) {
        version = current;
        if (failures > 0) {
            LOG.atInfo().addKeyValue("url", url).log("revocation list can be fetched again");
        }
        refusal = null;
        failures = 0;
        refusals = 0;
        Held known = held;
        if (known != null) {
            plan(known.verdict, now);
        }
    }

    /** A file came that is of no use, or the server still has the one of which that is known. */
    void refused(Refusal found, Instant now) {
        refusal = found;
        refusals++;
        nextFetch = schedule.afterRefusal(refusals, left(now), found.mends(), now, ThreadLocalRandom.current());
        count(found.text(), now);
    }

    /**
     * Nothing came.
     *
     * @param retryAfter what the server asked for; null where it did not. It gets half of what is left of the list that
     *     is held at the most: a server may not let it end.
     */
    void failed(String reason, @Nullable Duration retryAfter, Instant now) {
        Duration left = left(now);
        Instant next = schedule.afterFailure(failures + 1, left, now, ThreadLocalRandom.current());
        Instant asked = retryAfter == null ? now : now.plus(granted(retryAfter, left));
        nextFetch = next.isAfter(asked) ? next : asked;
        count(reason, now);
    }

    private void count(String reason, Instant now) {
        changed = now;
        failures++;
        if (failures == 1) {
            Held known = held;
            LOG.atWarn()
                    .addKeyValue("url", url)
                    .addKeyValue("reason", reason)
                    .addKeyValue("heldUntil", known == null ? "nothing held" : known.list.nextUpdate())
                    .log("revocation list cannot be fetched");
        }
    }

    private Duration left(Instant now) {
        Held known = held;
        return known == null ? Duration.ZERO : Duration.between(now, known.list.nextUpdate());
    }

    private static Duration granted(Duration asked, Duration left) {
        Duration half = left.dividedBy(2);
        return left.isPositive() && asked.compareTo(half) > 0 ? half : asked;
    }

    private void plan(CrlVerdict.Valid verdict, Instant now) {
        nextFetch = schedule.afterSuccess(verdict.thisUpdate(), verdict.nextUpdate(), now, ThreadLocalRandom.current());
        changed = now;
    }

    private static String key(URI url, IssuerId issuer) {
        try {
            String name = issuer.keyHash() + " " + issuer.nameHash() + " " + url;
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("no SHA-256 in this JVM", e);
        }
    }
}
