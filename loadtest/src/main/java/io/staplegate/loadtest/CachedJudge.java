package io.staplegate.loadtest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.staplegate.probe.Judge;
import io.staplegate.probe.Judgement;
import io.staplegate.probe.Presented;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A judge that remembers, so that the device's CPU goes into handshakes. Each handshake's bytes are looked at; what was
 * judged before, byte for byte, is judged again when a second has passed. Safe for use by any thread.
 */
final class CachedJudge {
    private static final Duration KEPT = Duration.ofSeconds(1);
    private static final int MOST = 1_000;

    private final Judge judge;
    private final InstantSource clock;
    private final Cache<Sent, Judgement> known =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(KEPT).build();

    CachedJudge(Judge judge, InstantSource clock) {
        this.judge = judge;
        this.clock = clock;
    }

    Judgement judge(Presented presented) {
        return known.get(Sent.in(presented), sent -> judge.judge(presented, clock.instant()));
    }

    /** Everything that a judgement depends on, but for the time. */
    private record Sent(List<X509Certificate> chain, List<@Nullable ByteBuffer> staples) {
        static Sent in(Presented presented) {
            List<@Nullable ByteBuffer> staples = new ArrayList<>();
            for (byte[] staple : presented.staples()) {
                staples.add(staple == null ? null : ByteBuffer.wrap(staple));
            }
            return new Sent(presented.chain(), staples);
        }
    }
}
