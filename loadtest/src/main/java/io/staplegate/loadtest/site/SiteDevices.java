package io.staplegate.loadtest.site;

import io.staplegate.config.Durations;
import io.staplegate.config.OcspConfig;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.probe.Device;
import io.staplegate.probe.DeviceHandshake;
import io.staplegate.probe.Encounter;
import io.staplegate.probe.HandshakeFailure;
import io.staplegate.probe.Judge;
import io.staplegate.probe.Judgement;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/** Devices that ask sites for their staples over TLS, and verify chain and staple by a clock. Safe for any thread. */
public final class SiteDevices {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final InetSocketAddress server;
    private final Judge judge;
    private final InstantSource clock;

    /** What one of them got. */
    public sealed interface Outcome {
        /** A staple that verifies, and is good. {@code took}: from connecting to the end of the handshake. */
        record Stapled(Instant thisUpdate, Duration took) implements Outcome {}

        /** A handshake without a staple. */
        record Bare() implements Outcome {}

        /** No handshake, or something in it that does not verify. */
        record Failed(String reason) implements Outcome {}
    }

    /** Devices that trust the CA of some sites. {@code server}: where the sites are. */
    public SiteDevices(Sites sites, InetSocketAddress server, InstantSource clock) {
        this.server = server;
        this.judge = new Judge(
                Set.of(sites.authority().certificate()),
                new OcspValidator(Durations.parse(OcspConfig.CLOCK_SKEW), null));
        this.clock = clock;
    }

    /** One full handshake with a site. */
    public Outcome meet(int site) {
        try {
            Device device = Device.usual().naming(Sites.serverName(site));
            Encounter encounter = new DeviceHandshake(server, device, TIMEOUT).perform();
            Judgement judgement = judge.judge(encounter.presented(), clock.instant());
            if (judgement.fault().isPresent()) {
                return new Outcome.Failed(judgement.fault().get());
            }
            return judgement.staples().getFirst() instanceof Verdict.Good good
                    ? new Outcome.Stapled(good.answer().thisUpdate(), encounter.took())
                    : new Outcome.Bare();
        } catch (HandshakeFailure e) {
            return new Outcome.Failed(e.reason());
        }
    }
}
