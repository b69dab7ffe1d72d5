package io.staplegate.admin.status;

import io.staplegate.fetch.ResponderView;
import io.staplegate.staple.StapleView;
import io.staplegate.telemetry.Readings;
import java.time.Instant;
import java.util.List;

/**
 * All that a status page is made of, as it was at one moment. Immutable.
 *
 * @param now the moment, by the clock that staples are judged by
 * @param ready what {@code /readyz} says
 * @param staples one for each certificate
 * @param responders by host and port
 * @param readings of the counters
 */
public record Snapshot(
        Instant now, boolean ready, List<StapleView> staples, List<ResponderView> responders, Readings readings) {}
