package io.staplegate.loadtest.reconnect;

import io.netty.channel.ChannelHandlerContext;
import io.staplegate.demo.Authority;
import io.staplegate.demo.OcspReply;
import io.staplegate.demo.Responder;
import io.staplegate.demo.StatusBook;
import io.staplegate.loadtest.device.DeviceCertificates;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;

/**
 * Answers that were signed ahead, each given when its time has come: as from a responder far away, of any strength.
 * Counts what it is asked.
 */
final class SlowAnswers implements Responder.Answer {
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final Map<BigInteger, byte[]> signed;
    private final Duration roundTrip;
    private final Map<BigInteger, Integer> asked = new ConcurrentHashMap<>();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile long lastNanos = System.nanoTime();

    /** Signs that all are good. {@code roundTrip}: from a request to its answer. */
    SlowAnswers(DeviceCertificates devices, Duration roundTrip, Instant now) {
        Authority authority = devices.authority();
        this.roundTrip = roundTrip;
        this.signed = devices.all().stream()
                .parallel()
                .collect(Collectors.toConcurrentMap(
                        X509Certificate::getSerialNumber,
                        device -> OcspReply.good(
                                        OcspReply.certId(device, authority.certificate(), false),
                                        authority,
                                        now,
                                        VALIDITY)
                                .encode()));
    }

    @Override
    public void give(Responder.Request request, ChannelHandlerContext context) {
        byte[] answer = StatusBook.asked(request.ocsp())
                .map(id -> {
                    asked.merge(id.getSerialNumber(), 1, Integer::sum);
                    return signed.get(id.getSerialNumber());
                })
                .orElseGet(() -> StatusBook.error(OCSPRespBuilder.UNAUTHORIZED));
        var _ = context.executor()
                .schedule(
                        () -> {
                            lastNanos = System.nanoTime();
                            answered.incrementAndGet();
                            var _ = context.writeAndFlush(Responder.response(answer));
                        },
                        roundTrip.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /** Forgets what it was asked. */
    void startOver() {
        asked.clear();
        answered.set(0);
    }

    int requests() {
        return asked.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Those of them that have been answered by now. */
    int answered() {
        return answered.get();
    }

    /** How many certificates it was asked about. */
    int certificates() {
        return asked.size();
    }

    /** The most requests about any one certificate. */
    int mostAboutOne() {
        return asked.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /** When it gave its last answer: {@link System#nanoTime}. */
    long lastNanos() {
        return lastNanos;
    }
}
