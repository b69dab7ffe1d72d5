package io.staplegate.device;

import io.staplegate.identity.DevicePath;
import io.staplegate.identity.Fingerprint;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.security.auth.x500.X500Principal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges again who is in, when something new is known: one thread for all. Those that turn out to be revoked or denied
 * are expelled, and what they could resume is forgotten.
 */
final class Reviewer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reviewer.class);

    private final Attendance attendance;
    private final Predicate<DevicePath> isOut;
    private final List<Consumer<Predicate<DevicePath>>> forgetting = new CopyOnWriteArrayList<>();
    private final Set<X500Principal> toBeReviewed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean allToBeReviewed = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("device-reviewer").factory());

    /** {@code isOut}: whether a device is known to be revoked or denied. */
    Reviewer(Attendance attendance, Predicate<DevicePath> isOut) {
        this.attendance = attendance;
        this.isOut = isOut;
    }

    /** Tells, every so often, those who keep fresh what is known that devices are in. */
    void callTheRoll(Duration interval, InstantSource clock) {
        long millis = interval.toMillis();
        var _ = thread.scheduleWithFixedDelay(
                () -> guarded(() -> attendance.present().forEach(device -> device.keep(clock.instant()))),
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    /** Adds somebody who is to forget what devices could resume. */
    void onExpulsion(Consumer<Predicate<DevicePath>> forget) {
        forgetting.add(forget);
    }

    /** Something new is known of one certificate: that it is revoked, or something else. */
    void reviewHoldersOf(Credential credential, boolean isRevoked) {
        if (isRevoked) {
            Fingerprint fingerprint = credential.fingerprint();
            forget(path -> path.certificates().stream()
                    .anyMatch(certificate -> Fingerprint.of(certificate).equals(fingerprint)));
        }
        if (credential.isAuthority()) {
            reviewPresent();
        } else if (attendance.present(credential.fingerprint()) != null) {
            execute(() -> {
                Device device = attendance.present(credential.fingerprint());
                if (device != null) {
                    device.review();
                }
            });
        }
    }

    /** Something new is known of what a CA has issued. */
    void reviewIssuedBy(X509Certificate authority) {
        forget(isOut);
        if (toBeReviewed.add(authority.getSubjectX500Principal())) {
            execute(() -> {
                X500Principal name = authority.getSubjectX500Principal();
                toBeReviewed.remove(name);
                attendance.present().forEach(device -> {
                    if (device.papers().isBelow(name)) {
                        guarded(device::review);
                    }
                });
            });
        }
    }

    /** Something new is known that may concern any device. */
    void reviewAll() {
        forget(isOut);
        reviewPresent();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** Once for all who ask before it begins. */
    private void reviewPresent() {
        if (allToBeReviewed.compareAndSet(false, true)) {
            execute(() -> {
                allToBeReviewed.set(false);
                attendance.present().forEach(device -> guarded(device::review));
            });
        }
    }

    /** Apart from the reviews: those who forget may have much to look through. */
    private void forget(Predicate<DevicePath> whose) {
        if (!forgetting.isEmpty()) {
            Thread.startVirtualThread(() -> forgetting.forEach(forget -> guarded(() -> forget.accept(whose))));
        }
    }

    private void execute(Runnable review) {
        try {
            thread.execute(() -> guarded(review));
        } catch (RejectedExecutionException e) {
            LOG.atDebug().log("devices are not reviewed: shutting down");
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("review of devices stumbled; goes on with the others");
        }
    }
}
