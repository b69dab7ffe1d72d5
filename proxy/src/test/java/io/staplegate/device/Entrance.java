package io.staplegate.device;

import static java.util.Objects.requireNonNull;

import io.staplegate.config.ClientAuthConfig;
import io.staplegate.config.ClientAuthConfig.Policy;
import io.staplegate.config.ClientAuthConfig.Revocation;
import io.staplegate.config.ClientAuthConfig.Source;
import io.staplegate.config.ClientAuthConfig.WithoutSource;
import io.staplegate.config.Configuration;
import io.staplegate.config.DevicesConfig;
import io.staplegate.config.FileReference;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.DevicePath;
import io.staplegate.telemetry.DeviceCheck;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The checks of devices, and the gate of a listener, before the responder of a site. */
final class Entrance implements AutoCloseable {
    static final String LISTENER = "mqtts";

    static final Duration PACE = Duration.ofMillis(20);

    final DeviceChecks checks;
    final ResponderClient client;
    final Gate gate;
    private final Site site;

    /** What a listener demands; each method returns another. */
    record Terms(
            Policy policy,
            Source prefer,
            WithoutSource whenNoSource,
            Duration budget,
            Duration grace,
            List<URI> responders) {
        static final Terms SOFT = new Terms(
                Policy.SOFT, Source.OCSP, WithoutSource.ALLOW, Duration.ofSeconds(30), Duration.ZERO, List.of());
        static final Terms HARD = SOFT.policy(Policy.HARD);

        Terms policy(Policy other) {
            return new Terms(other, prefer, whenNoSource, budget, grace, responders);
        }

        Terms prefer(Source other) {
            return new Terms(policy, other, whenNoSource, budget, grace, responders);
        }

        Terms whenNoSource(WithoutSource other) {
            return new Terms(policy, prefer, other, budget, grace, responders);
        }

        Terms budget(Duration other) {
            return new Terms(policy, prefer, whenNoSource, other, grace, responders);
        }

        Terms grace(Duration other) {
            return new Terms(policy, prefer, whenNoSource, budget, other, responders);
        }

        Terms responders(URI... others) {
            return new Terms(policy, prefer, whenNoSource, budget, grace, List.of(others));
        }

        Revocation revocation() {
            return new Revocation(policy, prefer, whenNoSource, budget, grace, responders, List.of(), List.of());
        }
    }

    Entrance(Site site, Terms terms) {
        this(site, terms, new DevicesConfig(null, null, 32));
    }

    Entrance(Site site, Terms terms, @Nullable Path denyList) {
        this(site, terms, new DevicesConfig(denyList == null ? null : file(denyList), null, 32));
    }

    Entrance(Site site, Terms terms, DevicesConfig devices) {
        Configuration configuration = site.configuration(null, devices);
        ClockGuard guard = new ClockGuard(site.clock, configuration.ocsp().clockSkew(), site.telemetry);
        this.site = site;
        this.client = new ResponderClient(configuration.ocsp(), guard, site.telemetry);
        this.checks = new DeviceChecks(configuration, client, guard, site.telemetry, PACE);
        this.gate = gate(LISTENER, terms);
    }

    private static FileReference file(Path path) {
        return new FileReference(path.toString(), path);
    }

    /** The gate of another listener. */
    Gate gate(String listener, Terms terms) {
        FileReference anchors = new FileReference("anchors.pem", Path.of("anchors.pem"));
        ClientAuthConfig config = new ClientAuthConfig(
                ClientAuthConfig.Mode.REQUIRE, anchors, null, ClientAuthConfig.Naming.CN, terms.revocation());
        return checks.gate(listener, config);
    }

    DeviceCheck judge(DevicePath path) {
        return Site.await(gate.judge(path)).outcome();
    }

    /** Lets a device in; completes when it is told to leave. */
    CompletableFuture<DeviceCheck> enter(DevicePath path) {
        CompletableFuture<DeviceCheck> told = new CompletableFuture<>();
        gate.enter(path, judgement -> told.complete(judgement.outcome()));
        return told;
    }

    DeviceView view(DevicePath path) {
        return checks.devices().stream()
                .filter(view -> requireNonNull(path.name()).equals(view.name()))
                .findFirst()
                .orElseThrow();
    }

    /** The value of a counter of the listener. */
    double count(String metric, String labels) {
        String series = metric + "{listener=\"" + LISTENER + "\"" + labels + "} ";
        return site.telemetry
                .scrape(site.telemetry.contentType(null))
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    @Override
    public void close() {
        checks.close();
        client.close();
    }
}
