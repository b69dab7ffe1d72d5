package io.staplegate.device;

import io.staplegate.fetch.ClockGuard;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspAnswer.Status;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on disk, which is not trusted: what it has is judged as if a responder had just sent it. One thread writes;
 * where a disk falls behind, the newest answers are not written.
 */
final class AnswerFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerFiles.class);

    private static final int WRITES_BETWEEN_PRUNINGS = 5_000;
    private static final int MOST_WAITING = 2_000;

    /** Of a revocation more depends than one request: it may have to stand through an outage. */
    private static final int MOST_REVOKED_WAITING = 10_000;

    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    private final FileStore store;
    private final OcspValidator validator;
    private final ClockGuard clock;
    private final Supplier<Set<String>> held;
    private final int mostFiles;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MOST_REVOKED_WAITING),
            Thread.ofPlatform().daemon().name("answer-files").factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    private volatile boolean abandoned;
    private int written = WRITES_BETWEEN_PRUNINGS; // of the writer; the first write prunes

    /** {@code held}: names of files of what is in memory, which stay longest. */
    AnswerFiles(FileStore store, int mostFiles, OcspValidator validator, ClockGuard clock, Supplier<Set<String>> held) {
        this.store = store;
        this.mostFiles = mostFiles;
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
        return answer(id, clock.judgeKept(kept.fetchedAt(), at -> validator.judge(kept.content(), id, issuer, at)));
    }

    /** The same, or one that has ended since, and verified when it was written: the last that is known. Blocks. */
    @Nullable
    OcspAnswer readLast(CertId id, X509Certificate issuer) {
        OcspAnswer current = read(id, issuer);
        FileStore.Kept kept = current == null ? store.read(id.fileName()) : null;
        return kept == null ? current : answer(id, validator.judge(kept.content(), id, issuer, kept.fetchedAt()));
    }

    private static @Nullable OcspAnswer answer(CertId id, Verdict verdict) {
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
        if (answer.status() != Status.REVOKED && writer.getQueue().size() >= MOST_WAITING) {
            return;
        }
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
            Set<String> names = held.get();
            store.prune(names, clock.signedTime()); // what a clock alone says deletes nothing
            store.limit(names, mostFiles);
            written = 0;
        }
        store.write(id.fileName(), answer.der(), fetchedAt);
        written++;
    }
}
