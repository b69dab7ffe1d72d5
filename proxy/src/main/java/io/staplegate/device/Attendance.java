package io.staplegate.device;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.staplegate.identity.Fingerprint;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which devices are in, by the fingerprints of their certificates, and which were here not long ago. Safe for use by
 * any thread.
 */
final class Attendance {
    /** Of those that are gone; those that are in are bounded by the listeners. */
    private static final int MOST_REMEMBERED = 100_000;

    private final InstantSource clock;
    private final ConcurrentMap<Fingerprint, Device> present = new ConcurrentHashMap<>();
    private final Cache<Fingerprint, Device> gone =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    Attendance(InstantSource clock) {
        this.clock = clock;
    }

    /** A device was judged. */
    void judged(Papers papers, Standing standing) {
        Fingerprint fingerprint = papers.leaf().fingerprint();
        Device known = present.get(fingerprint);
        if (known == null) {
            known = gone.get(fingerprint, _ -> new Device(papers, standing, clock.instant()));
        }
        known.judged(standing, clock.instant());
    }

    /** A device has a session from now on. */
    Session enter(ListenerGate gate, Papers papers, Consumer<Judgement> leave) {
        Session[] entered = new Session[1];
        present.compute(papers.leaf().fingerprint(), (fingerprint, known) -> {
            Device device = known != null ? known : returned(fingerprint, papers);
            entered[0] = new Session(gate, this, device, leave);
            device.add(entered[0]);
            return device;
        });
        return Objects.requireNonNull(entered[0]);
    }

    private Device returned(Fingerprint fingerprint, Papers papers) {
        Device known = gone.asMap().remove(fingerprint);
        return known != null ? known : new Device(papers, Standing.NOT_CHECKED, clock.instant());
    }

    /** A session has ended. */
    void left(Session session) {
        Device device = session.device();
        device.remove(session, clock.instant());
        present.computeIfPresent(device.fingerprint(), (fingerprint, known) -> {
            if (!known.isGone()) {
                return known;
            }
            gone.put(fingerprint, known);
            return null;
        });
    }

    /** The device with this certificate, while it is in. */
    @Nullable
    Device present(Fingerprint fingerprint) {
        return present.get(fingerprint);
    }

    /** Those that are in. */
    Iterable<Device> present() {
        return present.values();
    }

    List<DeviceView> views() {
        List<DeviceView> views = new ArrayList<>();
        present.values().forEach(device -> views.add(device.view()));
        gone.asMap().forEach((fingerprint, device) -> {
            if (!present.containsKey(fingerprint)) {
                views.add(device.view());
            }
        });
        return views;
    }
}
