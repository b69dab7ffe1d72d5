package io.staplegate.telemetry;

import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people want to see of the counters, as they were at one moment. Immutable.
 *
 * @param version of Staplegate
 * @param uptime since the start, by a clock that nobody sets
 * @param clockOffset how far the clock is behind what responders say; null before one has answered
 * @param listeners by name
 * @param responders that were asked, by host and port
 * @param lists that devices are checked against, by name
 * @param storeFailures staples that could not be written to, or read from, the state directory
 */
public record Readings(
        String version,
        Duration uptime,
        @Nullable Duration clockOffset,
        Reload reload,
        List<Listener> listeners,
        List<Responder> responders,
        List<RevocationList> lists,
        long storeFailures) {

    /**
     * What became of the last reload.
     *
     * @param last when that was; null: there was none
     * @param accepted whether it was accepted; true where there was none
     * @param inForceSince when the configuration in force was read
     */
    public record Reload(@Nullable Instant last, boolean accepted, Instant inForceSince) {}

    /**
     * What one listener has counted since the start.
     *
     * @param handshakes by version of TLS or DTLS, {@code unknown} included, and by their end; every version is there
     * @param staples full handshakes by what was stapled
     * @param staplesRejected handshakes that devices ended because of the staple
     * @param connectionsRefused at accept
     * @param sessions that are open
     * @param pending DTLS handshakes that are under way
     * @param pathsRefused handshakes that were ended because of the device's certificates
     * @param deviceChecks checks of devices' certificates by their end
     * @param devicesCutOff sessions that were ended because their device may be here no longer
     */
    public record Listener(
            String name,
            Map<String, Map<HandshakeOutcome, Long>> handshakes,
            Map<StapleKind, Long> staples,
            long staplesRejected,
            long connectionsRefused,
            long sessions,
            long pending,
            long pathsRefused,
            Map<DeviceCheck, Long> deviceChecks,
            long devicesCutOff) {}

    /**
     * What came of asking one responder.
     *
     * @param hostPort its host and port
     * @param requests by their end, as the metric calls it
     * @param recent95thPercentile the time that 95 of 100 recent requests took at most; null: there were too few
     */
    public record Responder(
            String hostPort,
            Map<String, Long> requests,
            @Nullable Duration recent95thPercentile) {}

    /**
     * One revocation list.
     *
     * @param name its host, port and path, or its file
     * @param nextUpdate when it ends; null: none is held
     * @param entries 0 where none is held
     * @param failures times that it could not be had
     */
    public record RevocationList(String name, @Nullable Instant nextUpdate, long entries, long failures) {}
}
