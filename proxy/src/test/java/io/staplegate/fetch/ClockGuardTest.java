package io.staplegate.fetch;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.LogLines;
import io.staplegate.testing.ResponseVariant;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What moves the clock, how far, and what does not. */
final class ClockGuardTest {
    private static final Instant TRUTH = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant EPOCH = Instant.parse("1970-01-01T00:00:10Z");
    private static final Duration VALIDITY = Duration.ofDays(7);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final URI RESPONDER = URI.create("http://one.example/");
    private static final URI OTHER = URI.create("http://other.example/");
    private static final URI THIRD = URI.create("http://third.example/");
    private static final OcspValidator VALIDATOR = new OcspValidator(SKEW, null);

    private static final Authority CA = Authority.root("CA", Instant.EPOCH, Duration.ofDays(36_500));
    private static final X509Certificate LEAF = CA.issue(
            Issuance.named("leaf").valid(Instant.EPOCH, Duration.ofDays(36_500)),
            Authority.newKeys("EC").getPublic());

    private final Telemetry telemetry = new Telemetry(InstantSource.system());
    private final LogLines log = new LogLines(ClockGuard.class);
    private Instant system = TRUTH;
    private long nanos;
    private final ClockGuard guard = new ClockGuard(() -> system, () -> nanos, SKEW, telemetry);

    @AfterEach
    void close() {
        log.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {-299, -1, 0, 1, 299})
    void whatIsRightWithinToleranceIsLeftAlone(long seconds) {
        Instant date = TRUTH.plusSeconds(seconds);

        assertThat(heard(date, signed(date))).isInstanceOf(Verdict.Good.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);
        assertThat(offset()).isEqualTo(seconds);
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void aDateAloneMovesNothingAndIsWarnedOfOnce() {
        for (int year = 1; year < 4; year++) {
            Instant date = TRUTH.plus(Duration.ofDays(365L * year));
            assertThat(heard(date, signed(TRUTH))).isInstanceOf(Verdict.Good.class);
            assertThat(guard.instant()).isEqualTo(TRUTH);
        }
        assertThat(offset()).isEqualTo(Duration.ofDays(3 * 365).toSeconds());
        assertThat(log.lines()).singleElement().asString().startsWith("WARN clock is behind all responders");

        heard(TRUTH, signed(TRUTH));
        assertThat(offset()).isZero();
        assertThat(log.lines()).hasSize(2).last().asString().startsWith("INFO clock is right again");
    }

    /** A current answer holds for a week, and so might a wrong Date within it: a right clock has no use for either. */
    @Test
    void aCurrentAnswerLendsNoWeightToAFalseDate() {
        assertThat(heard(TRUTH.plus(Duration.ofDays(6)), signed(TRUTH))).isInstanceOf(Verdict.Good.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);
    }

    @Test
    void aSignedAnswerFromTheFutureThatItsDateAgreesWithMovesTheClock() {
        system = EPOCH;

        assertThat(heard(TRUTH.plusSeconds(7), signed(TRUTH))).isInstanceOf(Verdict.Good.class);
        assertThat(guard.instant()).isEqualTo(TRUTH.plusSeconds(7));
        assertThat(offset())
                .isEqualTo(Duration.between(EPOCH, TRUTH.plusSeconds(7)).toSeconds());
        assertThat(log.lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("WARN clock is behind all responders"),
                        line -> assertThat(line).startsWith("INFO a signed answer proves the clock to be behind"));

        pass(Duration.ofHours(1));
        assertThat(guard.instant()).isEqualTo(TRUTH.plusSeconds(3_607));
    }

    @Test
    void anAnswerOfADelegateThatIsFromTheFutureTooIsEvidence() {
        system = EPOCH;
        Issuance delegate = Issuance.named("delegate")
                .valid(TRUTH.minus(Duration.ofDays(1)), Duration.ofDays(30))
                .ocspSigning();

        assertThat(heard(TRUTH, ResponseVariant.delegated(reply(TRUTH), CA, delegate)))
                .isInstanceOf(Verdict.Good.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);
    }

    @Test
    void anAnswerWithoutADateMovesNothing() {
        system = EPOCH;

        assertThat(guard.judge(RESPONDER, null, judgement(signed(TRUTH)))).isInstanceOf(Verdict.Unusable.class);
        assertThat(guard.instant()).isEqualTo(EPOCH);
    }

    @Test
    void aDateOutsideOfTheAnswersValidityMovesNothing() {
        system = EPOCH;
        heard(TRUTH.minus(SKEW).minusSeconds(1), signed(TRUTH));
        heard(TRUTH.plus(VALIDITY).plusSeconds(1), signed(TRUTH));

        assertThat(guard.instant()).isEqualTo(EPOCH);
    }

    @Test
    void anAnswerThatNobodySignedMovesNothing() {
        system = EPOCH;
        heard(TRUTH, ResponseVariant.BAD_SIGNATURE.of(reply(TRUTH)));
        heard(TRUTH, ResponseVariant.SIGNED_BY_STRANGER.of(reply(TRUTH)));
        heard(TRUTH, ResponseVariant.DELEGATED_WITHOUT_EKU.of(reply(TRUTH)));
        heard(TRUTH, ResponseVariant.WRONG_SERIAL.of(reply(TRUTH)));
        heard(TRUTH, "<html>".getBytes(US_ASCII));

        assertThat(guard.instant()).isEqualTo(EPOCH);
    }

    @Test
    void anOldAnswerThatIsReplayedWithItsOldDateMovesNothingBack() {
        Instant old = TRUTH.minus(Duration.ofDays(30));
        assertThat(heard(old, signed(old))).isInstanceOf(Verdict.Unusable.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);

        system = EPOCH;
        heard(TRUTH, signed(TRUTH));
        assertThat(heard(old, signed(old))).isInstanceOf(Verdict.Unusable.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);
    }

    /** What a replay can do to a clock that is wrong: bring it to the end of an answer that was signed, no further. */
    @Test
    void anAnswerThatIsReplayedMovesAWrongClockAtMostToItsEnd() {
        system = EPOCH;
        Instant old = TRUTH.minus(Duration.ofDays(30));
        heard(old.plus(VALIDITY), signed(old));
        assertThat(guard.instant()).isEqualTo(old.plus(VALIDITY));

        assertThat(heard(TRUTH, signed(TRUTH)))
                .as("an honest answer goes on from there")
                .isInstanceOf(Verdict.Good.class);
        heard(TRUTH.plus(VALIDITY), signed(TRUTH));
        heard(TRUTH.plus(VALIDITY).plusSeconds(1), signed(TRUTH));
        assertThat(guard.instant()).as("no answer lasts longer yet").isEqualTo(TRUTH.plus(VALIDITY));

        pass(Duration.ofSeconds(1));
        system = TRUTH;
        assertThat(guard.instant()).as("until the clock is set").isEqualTo(TRUTH);
    }

    @Test
    void onceProvenWrongTheClockFollowsLaterDatesWithinTheirAnswers() {
        system = EPOCH;
        heard(TRUTH, signed(TRUTH)); // as an HTTP cache had it since yesterday
        heard(TRUTH.plus(Duration.ofDays(1)), signed(TRUTH));

        assertThat(guard.instant()).isEqualTo(TRUTH.plus(Duration.ofDays(1)));
    }

    @Test
    void aClockThatIsSetRightCountsAgain() {
        system = EPOCH;
        heard(TRUTH, signed(TRUTH));
        pass(Duration.ofHours(1));
        system = TRUTH.plus(Duration.ofHours(1)).minusSeconds(2);

        assertThat(guard.instant()).isEqualTo(system);
        assertThat(offset()).isEqualTo(2);
        assertThat(log.lines()).hasSize(3).last().asString().startsWith("INFO clock is right again");
    }

    @Test
    void aClockThatIsSetToATimeBeforeASignatureIsStillWrong() {
        system = EPOCH;
        heard(TRUTH, signed(TRUTH));
        system = Instant.parse("2020-01-01T00:00:00Z");

        assertThat(guard.instant()).isEqualTo(TRUTH);
    }

    @Test
    void aClockThatIsAheadIsWarnedOfAndNotMoved() {
        system = TRUTH.plus(Duration.ofDays(4_000));

        assertThat(heard(TRUTH, signed(TRUTH))).isInstanceOf(Verdict.Unusable.class);
        heard(TRUTH, signed(TRUTH));
        assertThat(guard.instant()).isEqualTo(system);
        assertThat(offset()).isEqualTo(-Duration.ofDays(4_000).toSeconds());
        assertThat(log.lines()).singleElement().asString().startsWith("WARN clock is ahead of all responders");

        system = TRUTH;
        assertThat(heard(TRUTH, signed(TRUTH))).isInstanceOf(Verdict.Good.class);
        assertThat(log.lines()).hasSize(2).last().asString().startsWith("INFO clock is right again");
    }

    @Test
    void aCaThatSignsInTheFutureMovesNoClockThatAnotherResponderConfirms() {
        heard(OTHER, TRUTH, signed(TRUTH));
        Instant future = TRUTH.plus(Duration.ofDays(365));

        assertThat(heard(future, signed(future))).isInstanceOf(Verdict.Unusable.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);
        assertThat(log.lines()).isEmpty();

        pass(Duration.ofDays(1));
        system = EPOCH;
        assertThat(heard(future, signed(future)))
                .as("what the other said is reckoned on: it confirms no clock that was set wrong since")
                .isInstanceOf(Verdict.Good.class);
    }

    /** Whoever is asked first: a CA that signs in the future is found out when another one answers. */
    @Test
    void aCaThatSignsInTheFutureIsBelievedOnlyUntilAnotherConfirmsTheClock() {
        Instant future = TRUTH.plus(Duration.ofDays(365));
        heard(future, signed(future));
        assertThat(guard.instant()).as("nobody else has said anything yet").isEqualTo(future);

        assertThat(heard(OTHER, TRUTH, signed(TRUTH))).isInstanceOf(Verdict.Good.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);
        assertThat(guard.signedTime()).isEqualTo(TRUTH);
        assertThat(offset()).isZero();
        assertThat(log.lines()).last().asString().startsWith("INFO clock is right again");

        assertThat(heard(future, signed(future))).isInstanceOf(Verdict.Unusable.class);
        assertThat(guard.instant()).as("not a second time").isEqualTo(TRUTH);
    }

    @Test
    void aDateThatNoAnswerBacksConfirmsNoClockAgainstASignature() {
        system = EPOCH;
        heard(OTHER, EPOCH, signed(TRUTH));
        heard(OTHER, EPOCH, "<html>".getBytes(US_ASCII));

        assertThat(heard(TRUTH, signed(TRUTH))).isInstanceOf(Verdict.Good.class);
        heard(OTHER, EPOCH, "<html>".getBytes(US_ASCII));
        assertThat(guard.instant()).isEqualTo(TRUTH);
    }

    @Test
    void aCorrectedClockThatMoreAgreeWithIsNotMovedOnByOneCa() {
        system = EPOCH;
        Instant future = TRUTH.plus(Duration.ofDays(365));
        heard(OTHER, TRUTH, signed(TRUTH));
        heard(THIRD, TRUTH.plusSeconds(1), signed(TRUTH));

        assertThat(heard(future, signed(future))).isInstanceOf(Verdict.Unusable.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);
    }

    /** One of them sends a replay, or what an HTTP cache had: the later signature decides. */
    @Test
    void ofTwoWhoDisagreeTheLaterMovesACorrectedClock() {
        system = EPOCH;
        Instant old = TRUTH.minus(Duration.ofDays(30));
        heard(OTHER, old, signed(old));

        assertThat(heard(TRUTH, signed(TRUTH))).isInstanceOf(Verdict.Good.class);
        assertThat(guard.instant()).isEqualTo(TRUTH);
    }

    @Test
    void aFileThatWasWrittenWithinItsAnswersValidityMovesTheClock() {
        system = EPOCH;
        Instant written = TRUTH.plus(Duration.ofDays(3));

        assertThat(guard.judgeKept(written, judgement(signed(TRUTH)))).isInstanceOf(Verdict.Good.class);
        assertThat(guard.instant()).isEqualTo(written);
        assertThat(log.lines()).hasSize(2).first().asString().startsWith("WARN clock is behind");
    }

    @Test
    void aFileWithAnyOtherTimeMovesNothing() {
        system = EPOCH;
        for (Instant written : List.of(EPOCH, TRUTH.minus(Duration.ofDays(1)), TRUTH.plus(Duration.ofDays(8)))) {
            assertThat(guard.judgeKept(written, judgement(signed(TRUTH)))).isInstanceOf(Verdict.Unusable.class);
        }
        assertThat(guard.instant()).isEqualTo(EPOCH);
    }

    @Test
    void theSignedTimeIsTheNewestThatWasVerified() {
        assertThat(guard.signedTime()).isEqualTo(Instant.MIN);

        heard(TRUTH, signed(TRUTH.minusSeconds(60)));
        heard(TRUTH, signed(TRUTH.minusSeconds(3_600)));
        heard(TRUTH, ResponseVariant.BAD_SIGNATURE.of(reply(TRUTH)));
        assertThat(guard.signedTime()).isEqualTo(TRUTH.minusSeconds(60));
    }

    private Verdict heard(Instant date, byte[] response) {
        return heard(RESPONDER, date, response);
    }

    private Verdict heard(URI responder, Instant date, byte[] response) {
        return guard.judge(responder, date, judgement(response));
    }

    private void pass(Duration time) {
        system = system.plus(time);
        nanos += time.toNanos();
    }

    /** The metric, in seconds. */
    private long offset() {
        return Pattern.compile("(?m)^staplegate_clock_offset_seconds (\\S+)$")
                .matcher(telemetry.scrape("text/plain"))
                .results()
                .map(match -> Math.round(Double.parseDouble(match.group(1))))
                .findFirst()
                .orElseThrow();
    }

    private static ClockGuard.Judgement judgement(byte[] response) {
        return at -> VALIDATOR.judge(response, LEAF, CA.certificate(), at);
    }

    private static byte[] signed(Instant thisUpdate) {
        return reply(thisUpdate).encode();
    }

    private static OcspReply reply(Instant thisUpdate) {
        return OcspReply.good(OcspReply.certId(LEAF, CA.certificate(), false), CA, thisUpdate, VALIDITY);
    }
}
