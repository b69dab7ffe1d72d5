package io.staplegate.device;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.ClientAuthConfig.Revocation;
import io.staplegate.config.Configuration;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.DevicePath;
import io.staplegate.telemetry.Telemetry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Keeps out devices whose certificates are revoked or denied, at all listeners: those that come, and those that are in.
 */
public final class DeviceChecks implements AutoCloseable {
    private static final Duration PACE = Duration.ofSeconds(1);

    /** That a device is in is told to those who keep fresh what is known of it once in so many paces. */
    private static final int PACES_BETWEEN_ROLL_CALLS = 10;

    private final ClockGuard clock;
    private final Telemetry telemetry;
    private final Attendance attendance;
    private final Reviewer reviewer;
    private final WatchedDenyList denyList;
    private final OcspSource ocsp;
    private final Papers.Reader reader = new Papers.Reader(List.of());

    /** Makes the room. {@code client}: what devices need has {@code devices.maxConcurrentFetches} places beside it. */
    public DeviceChecks(Configuration configuration, ResponderClient client, ClockGuard clock, Telemetry telemetry) {
        this(configuration, client, clock, telemetry, PACE);
    }

    /** The same with another pace, for tests. */
    DeviceChecks(
            Configuration configuration, ResponderClient client, ClockGuard clock, Telemetry telemetry, Duration pace) {
        ResponderClient forDevices = client.withPlaces(configuration.devices().maxConcurrentFetches());
        this.clock = clock;
        this.telemetry = telemetry;
        this.attendance = new Attendance(clock);
        this.reviewer = new Reviewer(attendance, this::isOut);
        this.ocsp = new OcspSource(configuration, forDevices, clock, telemetry, this::changed, pace);
        this.denyList = new WatchedDenyList(configuration.devices().denyList(), clock, reviewer::reviewAll);
        reviewer.callTheRoll(pace.multipliedBy(PACES_BETWEEN_ROLL_CALLS));
    }

    /** The gate of one listener. */
    public Gate gate(String listener, ClientAuthConfig config) {
        Revocation revocation = config.revocation();
        var sources = new ListenerGate.Sources(denyList::list, List.of(ocsp), ocsp::consider);
        return new ListenerGate(listener, revocation, sources, attendance, clock, telemetry);
    }

    /** What is known of the devices that are in, and of the last ones that were. Not for event loops. */
    public List<DeviceView> devices() {
        return attendance.views();
    }

    /**
     * Tells somebody who keeps what devices can resume whenever devices turn out to be revoked or denied.
     *
     * @param forget gets what says whose sessions are to be forgotten; never run on an event loop
     */
    public void onExpulsion(Consumer<Predicate<DevicePath>> forget) {
        reviewer.onExpulsion(forget);
    }

    @Override
    public void close() {
        denyList.close();
        ocsp.close();
        reviewer.close();
    }

    /** By OCSP, something new is known of a certificate. */
    private void changed(Credential credential) {
        reviewer.reviewHoldersOf(credential, ocsp.known(credential, clock.instant()) instanceof Word.Revoked);
    }

    private boolean isOut(DevicePath path) {
        Papers papers = reader.read(path);
        Instant now = clock.instant();
        return papers.isOn(denyList.list())
                || papers.credentials().stream()
                        .anyMatch(credential -> ocsp.known(credential, now) instanceof Word.Revoked);
    }
}
