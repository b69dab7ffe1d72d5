package io.staplegate.device;

import io.staplegate.fetch.ClockGuard;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.store.FileStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on disk, which is not trusted: what it has is judged as if a responder had just sent it. One thread writes;
 * where a disk falls behind, the newest answers are not written.
 */
final class AnswerFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerFiles.class);

    /** A file takes 4 KiB of most disks: 200 MiB. */
    private static final int MOST_FILES = 50_000;

    private static final int WRITES_BETWEEN_PRUNINGS = 5_000;
    private static final int MOST_WAITING = 2_000;
    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    private final FileStore store;
    private final OcspValidator validator;
    private final ClockGuard clock;
    private final Supplier<Set<CertId>> held;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_WAITING),
            Thread.ofPlatform().daemon().name("answer-files").factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    private volatile boolean abandoned;
    private int written = WRITES_BETWEEN_PRUNINGS; // of the writer; the first write prunes

    /** {@code held}: what is in memory, whose files stay longest. */
    AnswerFiles(FileStore store, OcspValidator validator, ClockGuard clock, Supplier<Set<CertId>> held) {
        this.store = store;
        this.validator = validator;
        this.clock = clock;
        this.held = held;
    }

    /** The answer that is kept about a certificate, if it verifies now. Blocks. */
    @Nullable
    OcspAnswer read(CertId id, X509Certificate issuer) {
        FileStore.Kept kept = store.read(id.fileName());
        if (kept == null) {
            return null;
        }
        Verdict verdict = clock.judgeKept(kept.fetchedAt(), at -> validator.judge(kept.content(), id, issuer, at));
        return switch (verdict) {
            case Verdict.Good good -> good.answer();
            case Verdict.Revoked revoked -> revoked.answer();
            case Verdict.Unknown _ -> null;
            case Verdict.Unusable unusable -> {
                LOG.atDebug()
                        .addKeyValue("asked", id)
                        .addKeyValue("reasons", unusable.reasons())
                        .log("answer on disk does not count: ignored");
                yield null;
            }
        };
    }

    /** Writes an answer, soon. */
    void keep(CertId id, OcspAnswer answer, Instant fetchedAt) {
        writer.execute(() -> {
            try {
                write(id, answer, fetchedAt);
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).addKeyValue("asked", id).log("answer cannot be written");
            }
        });
    }

    /** Ends when what is still to be written is written, or a disk does not take it in five seconds. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn().log("state directory is too slow: last answers were not written");
                abandoned = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    private void write(CertId id, OcspAnswer answer, Instant fetchedAt) {
        if (abandoned) {
            return;
        }
        if (written >= WRITES_BETWEEN_PRUNINGS) {
            Set<String> names = held.get().stream().map(CertId::fileName).collect(Collectors.toSet());
            store.prune(names, clock.signedTime()); // what a clock alone says deletes nothing
            store.limit(names, MOST_FILES);
            written = 0;
        }
        store.write(id.fileName(), answer.der(), fetchedAt);
        written++;
    }
}
