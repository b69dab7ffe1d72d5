package io.staplegate.staple;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.staple.Knowledge.Held;
import io.staplegate.store.FileStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that writes files, so that a slow disk delays nothing else, and what reads them back at the start. */
final class Archive implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);
    private static final Set<Verdict.Code> ONLY_TIME =
            EnumSet.of(Verdict.Code.EXPIRED, Verdict.Code.NOT_YET_VALID, Verdict.Code.TOO_OLD);
    private static final Duration RETRY = Duration.ofMinutes(1);
    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    private final FileStore store;
    private final Export export;
    private final OcspValidator validator;
    private final InstantSource clock;
    private final Set<TrackedCertificate> unwritten = new LinkedHashSet<>();
    private final Set<PublishedChain> exported = new LinkedHashSet<>();
    private volatile boolean abandoned;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("staple-archive").factory());

    Archive(FileStore store, Export export, OcspValidator validator, InstantSource clock) {
        this.store = store;
        this.export = export;
        this.validator = validator;
        this.clock = clock;
        var _ = writer.scheduleWithFixedDelay(
                () -> guarded(this::tryAgain), RETRY.toMillis(), RETRY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Takes over what the disk has for a certificate. The disk is not trusted: what it has is judged as if a responder
     * had just sent it. Of what does not hold any more, one thing counts: that the certificate had been revoked.
     */
    void restore(TrackedCertificate certificate, Instant now) {
        StapleTarget target = certificate.target();
        FileStore.Kept kept = store.read(target.key());
        if (kept == null) {
            return;
        }
        Verdict verdict = judge(kept, target, now);
        OcspAnswer answer = answer(verdict);
        if (answer == null && judge(kept, target, kept.fetchedAt()) instanceof Verdict.Revoked revoked) {
            answer = revoked.answer();
        }
        if (answer != null) {
            certificate.restore(new Held(answer, kept.fetchedAt(), null), now);
        } else if (verdict.reasons().stream().noneMatch(reason -> ONLY_TIME.contains(reason.code()))) {
            LOG.atWarn()
                    .addKeyValue("file", target.key())
                    .addKeyValue("certificate", target.serial())
                    .addKeyValue("reasons", verdict.reasons())
                    .log("response on disk does not verify: ignored");
        }
    }

    /** Writes what a certificate has now, soon. */
    void keep(TrackedCertificate certificate) {
        writer.execute(() -> guarded(() -> write(certificate)));
    }

    /** Brings the export files of a chain in step, soon. */
    void export(PublishedChain chain) {
        if (!chain.identity().config().export().isEmpty()) {
            writer.execute(() -> guarded(() -> {
                if (exported.contains(chain)) {
                    export.sync(chain, clock.instant());
                }
            }));
        }
    }

    /** Knows from now on what is served: other files are removed in time, and no longer exported to. */
    void serve(Set<String> keys, List<PublishedChain> chains) {
        writer.execute(() -> guarded(() -> {
            store.prune(keys, clock.instant());
            unwritten.removeIf(
                    certificate -> !keys.contains(certificate.target().key()));
            exported.clear();
            chains.stream()
                    .filter(chain -> !chain.identity().config().export().isEmpty())
                    .forEach(exported::add);
            exported.forEach(chain -> export.sync(chain, clock.instant()));
        }));
    }

    /** Ends when what is still to be written is written, or a disk does not take it in five seconds. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(LAST_WRITES.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn().log("state directory is too slow: last staples were not written");
                abandoned = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.close();
    }

    private boolean write(TrackedCertificate certificate) {
        Held held = certificate.knowledge().held();
        if (held == null || abandoned) {
            return true;
        }
        boolean written = store.write(certificate.target().key(), held.answer().der(), held.fetchedAt());
        if (written) {
            unwritten.remove(certificate);
        } else {
            unwritten.add(certificate);
        }
        return written;
    }

    private void tryAgain() {
        Iterator<TrackedCertificate> left = Set.copyOf(unwritten).iterator();
        while (left.hasNext() && write(left.next())) {
            // A disk that still fails is tried once, not once for each certificate.
        }
        exported.forEach(chain -> export.sync(chain, clock.instant()));
    }

    private Verdict judge(FileStore.Kept kept, StapleTarget target, Instant at) {
        return validator.judge(kept.content(), target.certificate(), target.issuer(), at);
    }

    private static @Nullable OcspAnswer answer(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Good good -> good.answer();
            case Verdict.Revoked revoked -> revoked.answer();
            case Verdict.Unknown _ -> null;
            case Verdict.Unusable _ -> null;
        };
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("staples cannot be archived");
        }
    }
}
