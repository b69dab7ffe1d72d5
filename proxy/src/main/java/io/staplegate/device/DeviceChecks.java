package io.staplegate.device;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.Revocation;
import io.staplegate.config.ClientAuthConfig.Source;
import io.staplegate.config.Configuration;
import io.staplegate.config.FileReference;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.DevicePath;
import io.staplegate.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Keeps out devices whose certificates are revoked or denied, at all listeners: those that come, and those that are in.
 */
public final class DeviceChecks implements AutoCloseable {
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(2_500);

    /** Places of revocation lists, of which the longest unused give way. */
    private static final int MOST_LISTS = 1_000;

    /** That a device is in is told to those who keep fresh what is known of it once in so many paces. */
    private static final int PACES_BETWEEN_ROLL_CALLS = 10;

    private final ClockGuard clock;
    private final Telemetry telemetry;
    private final Attendance attendance;
    private final Reviewer reviewer;
    private final WatchedDenyList denyList;
    private final OcspSource ocsp;
    private final Crls crls;
    private final RevocationSource lists;
    private final Duration patience;
    private final List<URI> urls;
    private final List<Path> files;
    private final Papers.Reader reader = new Papers.Reader(List.of());

    /** Makes the room. {@code client}: what devices need has {@code devices.maxConcurrentFetches} places beside it. */
    public DeviceChecks(Configuration configuration, ResponderClient client, ClockGuard clock, Telemetry telemetry) {
        this(configuration, client, clock, telemetry, PACE);
    }

    /** The same with another pace, for tests. */
    DeviceChecks(
            Configuration configuration, ResponderClient client, ClockGuard clock, Telemetry telemetry, Duration pace) {
        ResponderClient forDevices = client.withPlaces(configuration.devices().maxConcurrentFetches());
        List<Revocation> terms = configuration.listeners().stream()
                .flatMap(listener -> Stream.ofNullable(listener.clientAuth()))
                .map(ClientAuthConfig::revocation)
                .filter(revocation -> revocation.policy() != Policy.OFF)
                .toList();
        this.urls = terms.stream().flatMap(each -> each.crls().stream()).toList();
        this.files = terms.stream()
                .flatMap(each -> each.crlFiles().stream())
                .map(FileReference::path)
                .toList();
        boolean isAnyHard = terms.stream().anyMatch(revocation -> revocation.policy() == Policy.HARD);
        this.patience = isAnyHard ? configuration.ocsp().startTimeout() : PATIENCE;
        this.clock = clock;
        this.telemetry = telemetry;
        this.attendance = new Attendance(clock);
        this.reviewer = new Reviewer(attendance, this::isOut);
        this.ocsp = new OcspSource(configuration, forDevices, clock, telemetry, this::changed, pace);
        this.crls = new Crls(configuration, forDevices, clock, telemetry, pace, MOST_LISTS);
        this.lists = new CrlWords(crls, clock);
        crls.onChange(reviewer::reviewIssuedBy);
        this.denyList = new WatchedDenyList(configuration.devices().denyList(), clock, reviewer::reviewAll);
        reviewer.callTheRoll(pace.multipliedBy(PACES_BETWEEN_ROLL_CALLS), clock);
    }

    /**
     * Begins to look at the lists that the configuration names.
     *
     * @param authorities trust anchors and intermediates of all listeners
     * @return ends when each list has been looked at, whatever that found, and when devices have been kept waiting for
     *     long enough: 2.5 seconds, or {@code ocsp.startTimeout} where a policy is {@code hard}
     */
    public CompletableFuture<Void> start(Collection<X509Certificate> authorities) {
        return crls.configure(urls, files, authorities)
                .completeOnTimeout(null, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Trusts these CAs as well to sign the lists that the configuration names; those of devices that have come are
     * known by themselves.
     *
     * @param authorities as for {@link #start}
     */
    public void trust(Collection<X509Certificate> authorities) {
        var _ = crls.configure(urls, files, authorities);
    }

    /** The gate of one listener. */
    public Gate gate(String listener, ClientAuthConfig config) {
        Revocation revocation = config.revocation();
        List<RevocationSource> inOrder =
                revocation.prefer() == Source.CRL ? List.of(lists, ocsp) : List.of(ocsp, lists);
        var sources = new ListenerGate.Sources(denyList::list, inOrder, ocsp::consider);
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
        crls.close();
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
                        .anyMatch(credential -> ocsp.known(credential, now) instanceof Word.Revoked
                                || lists.known(credential, now) instanceof Word.Revoked);
    }
}
