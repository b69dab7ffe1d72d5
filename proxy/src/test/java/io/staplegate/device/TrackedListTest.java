package io.staplegate.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.fetch.Backoff;
import io.staplegate.ocsp.CrlVerdict;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When a list is fetched again, and which one it gives way to. */
class TrackedListTest {
    private static final Authority CA = Site.authority("Devices CA");
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Schedule SCHEDULE =
            new Schedule(Duration.ZERO, Duration.ofSeconds(1), null, new Backoff(Duration.ofSeconds(1), LONGEST_WAIT));

    private final TrackedList list =
            new TrackedList(URI.create("http://ca.example/devices.crl"), CA.certificate(), SCHEDULE);

    @Test
    void aServerThatAsksForTimeGetsHalfOfWhatIsLeftOfTheListThatIsHeld() {
        hold(Duration.ofHours(4));

        list.failed("the server is busy", Duration.ofDays(1), Site.START);

        assertThat(list.isDueAt(Site.START.plus(Duration.ofHours(2)).minusSeconds(1)))
                .isFalse();
        assertThat(list.isDueAt(Site.START.plus(Duration.ofHours(2)))).isTrue();
    }

    @Test
    void aServerThatAsksForTimeGetsItWhereNothingIsHeld() {
        list.failed("the server is busy", Duration.ofDays(1), Site.START);

        assertThat(list.isDueAt(Site.START.plus(Duration.ofDays(1)).minusSeconds(1)))
                .isFalse();
        assertThat(list.isDueAt(Site.START.plus(Duration.ofDays(1)))).isTrue();
    }

    @Test
    void aListThatHasEndedIsNoMeasureForOneOfACaThatCountsAnew() {
        Instant end = Site.START.plus(Duration.ofHours(4));
        var last = new CrlVerdict.Valid(Site.START, end, BigInteger.valueOf(7));
        list.hold(new byte[1], last, Site.START);
        var anew = new CrlVerdict.Valid(Site.START.plusSeconds(60), end.plusSeconds(60), BigInteger.ONE);

        assertThat(list.isOutdatedAt(end.minusSeconds(1), anew)).isTrue();
        assertThat(list.isOutdatedAt(end, anew)).isFalse();
    }

    private void hold(Duration validity) {
        Instant end = Site.START.plus(validity);
        list.hold(new byte[1], new CrlVerdict.Valid(Site.START, end, null), Site.START);
    }
}
