package io.staplegate.staple;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wait for the first staples of certificates, at the start and before a reload.
 *
 * @param patience how long for staples that nobody insists on
 * @param longest how long for those of certificates that must have one
 */
record FirstAnswers(Duration patience, Duration longest, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(FirstAnswers.class);

    /** Returns when there has been time for the staples of these chains, and tells the log what has come of it. */
    void await(List<PublishedChain> chains) throws InterruptedException {
        List<TrackedCertificate> all = chains.stream()
                .flatMap(chain -> chain.certificates().stream())
                .distinct()
                .toList();
        Instant now = clock.instant();
        List<TrackedCertificate> insisted = chains.stream()
                .filter(PublishedChain::mustStaple)
                .flatMap(chain -> Stream.ofNullable(chain.certificateAt(0)))
                .filter(certificate -> certificate.target().canBeAskedAt(now))
                .toList();
        insisted.forEach(certificate -> certificate.awaited(true));
        try {
            long begun = System.nanoTime();
            await(all.stream().map(TrackedCertificate::settled), patience);
            await(insisted.stream().map(TrackedCertificate::answered), longest.minusNanos(System.nanoTime() - begun));
        } finally {
            insisted.forEach(certificate -> certificate.awaited(false));
        }
        insisted.stream()
                .filter(certificate -> !certificate.answered().isDone())
                .forEach(certificate -> LOG.atError()
                        .addKeyValue("certificate", certificate.target().serial())
                        .addKeyValue("reason", certificate.knowledge().lastError())
                        .log("no staple yet, and one is a must: without it, handshakes that ask for it are refused"));
        log(all);
    }

    /** Returns when all are done, or a time is over. */
    static void await(Stream<CompletableFuture<Void>> all, Duration atMost) throws InterruptedException {
        try {
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.atDebug().addKeyValue("after", atMost).log("not every first staple has come: going on");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look never fails", e);
        }
    }

    private void log(List<TrackedCertificate> certificates) {
        Instant now = clock.instant();
        long answered = certificates.stream()
                .filter(certificate -> certificate.isAnsweredAt(now))
                .count();
        long silent = certificates.stream()
                .filter(certificate -> certificate.target().firstAsked().isEmpty())
                .count();
        LOG.atInfo()
                .addKeyValue("certificates", certificates.size())
                .addKeyValue("answered", answered)
                .addKeyValue("withoutResponder", silent)
                .log("first staples");
    }
}
