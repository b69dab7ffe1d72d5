package io.staplegate.admin;

import io.staplegate.staple.StapleView;
import java.time.Duration;
import java.time.Instant;

/** Two rows of the staples view: one with everything in it, one with nothing. */
final class SampleStaples {
    static final Instant THIS_UPDATE = Instant.parse("2026-08-01T00:00:00Z");
    static final StapleView GOOD = new StapleView(
            "gateway",
            "0a1b",
            0,
            "CN=gateway.example",
            "good",
            "http://ocsp.example/",
            THIS_UPDATE,
            THIS_UPDATE.plus(Duration.ofDays(4)),
            THIS_UPDATE.plusMillis(1500),
            THIS_UPDATE.plus(Duration.ofDays(2)),
            null,
            471,
            "responder",
            "auto",
            THIS_UPDATE.plus(Duration.ofDays(90)));
    static final StapleView ABSENT = new StapleView(
            "edge",
            "0c",
            1,
            "CN=\"quoted\", O=ACME",
            "absent",
            null,
            null,
            null,
            null,
            null,
            "no responder",
            0,
            null,
            "must",
            THIS_UPDATE.plus(Duration.ofDays(90)));

    private SampleStaples() {}
}
