package io.staplegate.staple;

import static io.staplegate.staple.Site.START;
import static io.staplegate.staple.Site.VALIDITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.OcspReply;
import io.staplegate.demo.StatusBook;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.Identity;
import io.staplegate.ocsp.CertIdHash;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.telemetry.Rung;
import io.staplegate.testing.Behaviour;
import io.staplegate.testing.FaultyResponder;
import io.staplegate.testing.ResponseVariant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whom a look asks, on which rung it ends, and what an operator sees of that. */
@Timeout(60)
final class LadderTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path state;

    private LadderSite at;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        at = new LadderSite(state);
        identity = at.identity("gateway");
    }

    @AfterEach
    void close() {
        at.close();
    }

    @Test
    void theFirstResponderIsTheOnlyOneAskedWhereItAnswersInTime() throws Exception {
        at.staples.start(List.of(identity));

        assertRung("responder");
        assertThat(at.first.seen()).hasSize(1);
        assertThat(at.second.seen()).isEmpty();
        assertThat(at.upstream.seen()).isEmpty();
    }

    @Test
    void aResponderThatIsDownIsPassedOver() throws Exception {
        try (ResponderClient client = client()) {
            takeDown(client, at.first);

            Finding finding = climb(client);

            assertThat(finding)
                    .isInstanceOfSatisfying(
                            Finding.Answer.class,
                            answer -> assertThat(answer.rung()).isEqualTo(Rung.NEXT_RESPONDER));
            assertThat(at.first.seen()).isEmpty();
        }
    }

    @Test
    void whereAllAreDownNobodyIsAskedUntilAProbeIsDue() throws Exception {
        try (ResponderClient client = client()) {
            for (FaultyResponder responder : at.all()) {
                takeDown(client, responder);
            }

            assertThat(climb(client)).isInstanceOf(Finding.Unasked.class);
            assertThat(at.first.seen()).isEmpty();
            assertThat(at.second.seen()).isEmpty();
            assertThat(at.upstream.seen()).isEmpty();

            at.clock.move(Duration.ofMinutes(1));
            assertThat(climb(client))
                    .isInstanceOfSatisfying(
                            Finding.Answer.class,
                            answer -> assertThat(answer.rung()).isEqualTo(Rung.RESPONDER));
            assertThat(client.circuits().isOpen(at.first.url())).isFalse();
        }
    }

    @Test
    void anAnswerThatIsNoNewsLetsTheNextResponderTell() throws Exception {
        at.first.behave(statedAt(START));
        at.staples.start(List.of(identity));
        assertThat(at.second.seen()).isEmpty();

        at.clock.move(HOUR);
        at.staples.refresh("gateway");

        assertRung("next_responder");
        assertThat(at.row().thisUpdate()).isEqualTo(at.clock.instant());
    }

    @Test
    void ofSeveralAnswersTheNewestCounts() throws Exception {
        at.staples.start(List.of(identity));
        at.first.behave(statedAt(START.minus(HOUR)));
        at.second.behave(statedAt(START));
        at.staples.refresh("gateway");

        assertThat(at.row().thisUpdate()).isEqualTo(START);
        assertRung("next_responder");
        assertThat(at.upstream.seen()).isEmpty();
    }

    @Test
    void aResponderThatRefusesGetIsAskedByPost() throws Exception {
        at.first.behave(exchange -> {
            boolean get = exchange.request().method().equals("GET");
            (get ? Behaviour.status(405) : Behaviour.honest()).answer(exchange);
        });
        at.staples.start(List.of(identity));

        assertRung("other_method");
        assertThat(at.second.seen()).isEmpty();
    }

    @Test
    void aResponderThatInsistsOnTheOtherHashIsAskedWithIt() throws Exception {
        at.first.behave(exchange -> {
            boolean sha1 = exchange.request().ocsp().length < 90;
            (sha1 ? Behaviour.responding(ResponseVariant.UNAUTHORIZED) : Behaviour.honest()).answer(exchange);
        });
        at.staples.start(List.of(identity));

        assertRung("other_hash");
        assertThat(at.second.seen()).isEmpty();
        assertThat(at.first.seen()).hasSize(2);

        at.staples.refresh("gateway");
        assertRung("other_hash");
        assertThat(at.first.seen())
                .as("with the hash that it insists on, and no other")
                .hasSize(3);

        at.first.behave(exchange -> {
            boolean sha1 = exchange.request().ocsp().length < 90;
            (sha1 ? Behaviour.honest() : Behaviour.responding(ResponseVariant.UNAUTHORIZED)).answer(exchange);
        });
        at.staples.refresh("gateway");
        at.staples.refresh("gateway");
        assertThat(at.row().rung()).isEqualTo("responder");
        assertThat(at.first.seen()).hasSize(6);
    }

    @Test
    void theUpstreamIsAskedWhereNoResponderHasAnAnswer() throws Exception {
        at.first.behave(Behaviour.status(503));
        at.second.behave(ResponseVariant.TRY_LATER);
        at.staples.start(List.of(identity));

        assertRung("upstream");
        assertThat(at.row().lastError()).isNull();
        assertThat(at.upstream.seen()).hasSize(1);
    }

    @Test
    void anUpstreamThatSaysTryLaterIsThereForOtherCertificates() throws Exception {
        for (FaultyResponder responder : at.all()) {
            responder.behave(ResponseVariant.TRY_LATER);
        }
        try (ResponderClient client = client()) {
            for (int i = 0; i < 3; i++) {
                climb(client);
            }

            assertThat(client.circuits().isOpen(at.first.url())).isTrue();
            assertThat(client.circuits().isOpen(at.upstream.url())).isFalse();
        }
    }

    @Test
    void theUpstreamStandsInForTheResponderThatACertificateDoesNotName() throws Exception {
        Identity plain = at.identity("plain", List.of());
        at.staples.start(List.of(plain));

        assertThat(at.staples.current(plain).staples().getFirst()).isNotNull();
        assertRung("upstream");
        assertThat(at.row().responder()).isEqualTo(at.upstream.url().toString());
        assertThat(at.row().nextRefresh()).isAfterOrEqualTo(START.plus(VALIDITY.dividedBy(2)));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"HONEST", "BY_NAME", "BY_SHA256", "DELEGATED", "TWO_ENTRIES", "OLDER", "REVOKED"})
    void theUpstreamIsTrustedNoMoreThanAnyResponder(ResponseVariant fault) throws Exception {
        at.upstream.behave(fault);
        Identity plain = at.identity("plain", List.of());
        at.staples.start(List.of(plain));

        assertThat(at.staples.current(plain).staples()).containsOnlyNulls();
        assertRung("nothing");
        assertThat(at.row().lastError()).isNotBlank();
    }

    @Test
    void theRespondersOwnTroubleIsWhatIsShownWhereTheUpstreamHasNoAnswerEither() throws Exception {
        at.first.behave(Behaviour.status(503));
        at.second.behave(Behaviour.status(503));
        at.upstream.behave(ResponseVariant.UNAUTHORIZED);
        at.staples.start(List.of(identity));

        assertRung("nothing");
        assertThat(at.row().lastError()).contains("503");
    }

    @Test
    void whatIsHeldStaysWhereNobodyAnswersAndThenThereIsNothing() throws Exception {
        at.staples.start(List.of(identity));
        for (FaultyResponder responder : at.all()) {
            responder.behave(Behaviour.status(503));
        }
        at.staples.refresh("gateway");
        assertThat(at.row().rung()).isEqualTo("last_good");
        assertThat(at.looksOn("last_good")).isEqualTo(1);

        at.clock.move(VALIDITY);
        at.staples.refresh("gateway");
        assertRung("nothing");
    }

    @Test
    void whatTheDiskHasIsStoredUntilAResponderGivesTheSame() throws Exception {
        at.first.behave(statedAt(START));
        at.second.behave(statedAt(START));
        at.staples.start(List.of(identity));

        at.restart();
        at.staples.start(List.of(identity));
        assertThat(at.row().rung()).isEqualTo("stored");

        at.staples.refresh("gateway");
        assertThat(at.row().rung()).isEqualTo("responder");
    }

    @Test
    void whereNoStapleIsWantedThereIsNoRung() throws Exception {
        at.staples.start(List.of(identity));

        assertThat(at.staples.view()).extracting(StapleView::rung).containsExactly("responder", null);
    }

    private ResponderClient client() {
        return new ResponderClient(Site.ocsp(Site.Settings.USUAL), at.clock, at.site.telemetry);
    }

    private static void takeDown(ResponderClient client, FaultyResponder responder) {
        while (!client.circuits().isOpen(responder.url())) {
            client.circuits().failed(responder.url());
        }
    }

    private Finding climb(ResponderClient client) throws InterruptedException {
        OcspValidator validator = new OcspValidator(Site.SKEW, null);
        ClockGuard guard = new ClockGuard(at.clock, Site.SKEW, at.site.telemetry);
        Inquiry inquiry = new Inquiry(client, validator, CertIdHash.SHA1, guard);
        StapleTarget target = Objects.requireNonNull(StapleTarget.of(identity, 0, at.upstream.url()));
        OutageLog outages = new OutageLog(client.circuits(), _ -> Instant.MIN);
        return new Ladder(inquiry, client, outages, at.clock).climb(target, false, _ -> true);
    }

    /** An answer about what was asked, made at a moment. */
    private static Behaviour statedAt(Instant thisUpdate) {
        UnaryOperator<OcspReply> change = reply -> reply.valid(thisUpdate, thisUpdate.plus(VALIDITY));
        return exchange -> {
            OcspReply honest = StatusBook.asked(exchange.request().ocsp())
                    .flatMap(exchange.book()::reply)
                    .orElseThrow();
            Behaviour.responding(change.apply(honest).encode()).answer(exchange);
        };
    }

    /** What the first certificate shows, and one look was counted on. */
    private void assertRung(String rung) {
        assertThat(at.row().rung()).isEqualTo(rung);
        assertThat(at.looksOn(rung)).isPositive();
    }
}
