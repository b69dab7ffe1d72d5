package io.staplegate.loadtest.outage;

import io.staplegate.config.Durations;
import io.staplegate.config.OcspConfig;
import io.staplegate.loadtest.server.Sites;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.probe.Device;
import io.staplegate.probe.DeviceHandshake;
import io.staplegate.probe.HandshakeFailure;
import io.staplegate.probe.Judge;
import io.staplegate.probe.Presented;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;

/** Devices that ask for a staple, and verify the chain and the staple by a clock. Used by one thread. */
final class Devices {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final InetSocketAddress server;
    private final Judge judge;
    private final InstantSource clock;

    /** What one of them got. */
    sealed interface Outcome {
        /** A staple that verifies, and is good. */
        record Stapled() implements Outcome {}

        /** A handshake without a staple. */
        record Bare() implements Outcome {}

        /** No handshake, or something in it that does not verify. */
        record Failed(String reason) implements Outcome {}
    }

    Devices(Sites sites, InetSocketAddress server, InstantSource clock) {
        this.server = server;
        this.judge = new Judge(
                Set.of(sites.authority().certificate()),
                new OcspValidator(Durations.parse(OcspConfig.CLOCK_SKEW), null));
        this.clock = clock;
    }

    /** One full handshake with a site. */
    Outcome meet(int site) {
        try {
            Device device = Device.usual().naming(Sites.serverName(site));
            Presented presented =
                    new DeviceHandshake(server, device, TIMEOUT).perform().presented();
            var fault = judge.judge(presented, clock.instant()).fault();
            if (fault.isPresent()) {
                return new Outcome.Failed(fault.get());
            }
            return presented.staples().getFirst() == null ? new Outcome.Bare() : new Outcome.Stapled();
        } catch (HandshakeFailure e) {
            return new Outcome.Failed(e.reason());
        }
    }
}
