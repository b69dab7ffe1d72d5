package io.staplegate.ocsp;

import static io.staplegate.ocsp.Scene.NOW;
import static io.staplegate.ocsp.Scene.SKEW;
import static io.staplegate.ocsp.Scene.VALIDITY;
import static io.staplegate.ocsp.Scene.issuance;
import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.demo.OcspReply;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Good;
import io.staplegate.ocsp.Verdict.Reason;
import io.staplegate.ocsp.Verdict.Revoked;
import io.staplegate.ocsp.Verdict.Unusable;
import io.staplegate.testing.ResponseVariant;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes a staple, and what does not, and why. */
class OcspValidatorTest {
    private static final Scene SCENE = Scene.create();

    private static final Set<ResponseVariant> GOOD = EnumSet.range(ResponseVariant.HONEST, ResponseVariant.OLDER);

    private static final Map<ResponseVariant, Code> EXPECTED = Map.ofEntries(
            Map.entry(ResponseVariant.WRONG_SERIAL, Code.WRONG_CERTIFICATE),
            Map.entry(ResponseVariant.WRONG_ISSUER_NAME, Code.WRONG_CERTIFICATE),
            Map.entry(ResponseVariant.WRONG_ISSUER_KEY, Code.WRONG_CERTIFICATE),
            Map.entry(ResponseVariant.WRONG_HASH, Code.WRONG_CERTIFICATE),
            Map.entry(ResponseVariant.SIGNED_BY_STRANGER, Code.UNAUTHORIZED_SIGNER),
            Map.entry(ResponseVariant.DELEGATED_WITHOUT_EKU, Code.UNAUTHORIZED_SIGNER),
            Map.entry(ResponseVariant.DELEGATED_BY_STRANGER, Code.UNAUTHORIZED_SIGNER),
            Map.entry(ResponseVariant.DELEGATE_EXPIRED, Code.SIGNER_NOT_VALID),
            Map.entry(ResponseVariant.BAD_SIGNATURE, Code.BAD_SIGNATURE),
            Map.entry(ResponseVariant.SHA1_SIGNATURE, Code.WEAK_SIGNATURE),
            Map.entry(ResponseVariant.FUTURE, Code.NOT_YET_VALID),
            Map.entry(ResponseVariant.STALE, Code.EXPIRED),
            Map.entry(ResponseVariant.NO_NEXT_UPDATE, Code.NO_NEXT_UPDATE),
            Map.entry(ResponseVariant.REVOKED, Code.REVOKED),
            Map.entry(ResponseVariant.UNKNOWN, Code.UNKNOWN),
            Map.entry(ResponseVariant.TRY_LATER, Code.TRY_LATER),
            Map.entry(ResponseVariant.INTERNAL_ERROR, Code.RESPONDER_ERROR),
            Map.entry(ResponseVariant.UNAUTHORIZED, Code.UNAUTHORIZED),
            Map.entry(ResponseVariant.SIG_REQUIRED, Code.REQUEST_REFUSED),
            Map.entry(ResponseVariant.MALFORMED_REQUEST, Code.REQUEST_REFUSED),
            Map.entry(ResponseVariant.CUT_SHORT, Code.MALFORMED),
            Map.entry(ResponseVariant.OVERSIZE, Code.OVERSIZE));

    @ParameterizedTest
    @EnumSource
    void namesTheFaultOfEachResponse(ResponseVariant variant) {
        Verdict verdict = SCENE.judge(variant.of(SCENE.honest()));

        if (GOOD.contains(variant)) {
            assertThat(verdict).isInstanceOf(Good.class);
        } else {
            assertThat(verdict).isNotInstanceOf(Good.class);
            assertThat(verdict.reasons()).extracting(Reason::code).containsOnly(EXPECTED.get(variant));
            assertThat(verdict.reasons()).extracting(Reason::text).allMatch(text -> !text.isBlank());
        }
    }

    @Test
    void tellsWhatAGoodResponseSays() {
        byte[] response = SCENE.honest().encode();

        assertThat(SCENE.judge(response))
                .isEqualTo(new Good(new OcspAnswer(
                        response,
                        OcspAnswer.Status.GOOD,
                        NOW,
                        NOW,
                        NOW.plus(VALIDITY),
                        null,
                        Set.of(CertIdHash.SHA1))));
    }

    @Test
    void tellsSinceWhenACertificateIsRevokedAndWhy() {
        Verdict verdict = SCENE.judge(ResponseVariant.REVOKED.of(SCENE.honest()));

        Instant yesterday = NOW.minus(Duration.ofDays(1));
        assertThat(verdict).isInstanceOfSatisfying(Revoked.class, revoked -> {
            assertThat(revoked.answer().revokedAt()).isEqualTo(yesterday);
            assertThat(revoked.reasons().getFirst().text()).contains("2026-02-28T12:00:00Z", "keyCompromise");
        });
    }

    @Test
    void namesEveryReasonAtOnce() {
        byte[] response = ResponseVariant.STALE.of(SCENE.honest());
        response[response.length - 1] ^= 1;

        assertThat(SCENE.judge(response).reasons())
                .extracting(Reason::code)
                .containsExactly(Code.BAD_SIGNATURE, Code.EXPIRED);
    }

    @Test
    void holdsUntilTheLastMomentOfNextUpdate() {
        byte[] response = SCENE.honest().encode();
        Instant end = NOW.plus(VALIDITY);

        assertThat(SCENE.judge(response, end)).isInstanceOf(Good.class);
        assertUnusable(SCENE.judge(response, end.plusSeconds(1)), Code.EXPIRED);
    }

    @Test
    void forgivesAClockThatIsBehindWithinTheSkew() {
        byte[] response = SCENE.honest().encode();

        assertThat(SCENE.judge(response, NOW.minus(SKEW))).isInstanceOf(Good.class);
        assertUnusable(SCENE.judge(response, NOW.minus(SKEW).minusSeconds(1)), Code.NOT_YET_VALID);
    }

    @Test
    void refusesWhatIsOlderThanMaxAgeAlthoughItHolds() {
        OcspValidator strict = new OcspValidator(SKEW, Duration.ofHours(1));
        byte[] response = SCENE.honest().encode();
        Instant inAnHour = NOW.plus(Duration.ofHours(1));

        assertThat(strict.judge(response, SCENE.leaf(), SCENE.issuer().certificate(), inAnHour))
                .isInstanceOf(Good.class);
        assertUnusable(
                strict.judge(response, SCENE.leaf(), SCENE.issuer().certificate(), inAnHour.plusSeconds(1)),
                Code.TOO_OLD);
    }

    @Test
    void acceptsACertificateNamedByBothHashes() {
        byte[] response = SCENE.honest().and(SCENE.honest(CertIdHash.SHA256)).encode(); // R12

        assertThat(SCENE.judge(response))
                .isInstanceOfSatisfying(
                        Good.class,
                        good -> assertThat(good.answer().hashes())
                                .containsExactlyInAnyOrder(CertIdHash.SHA1, CertIdHash.SHA256));
    }

    @Test
    void takesTheWorstOfTwoEntriesThatContradictEachOther() {
        OcspReply bad = SCENE.honest(CertIdHash.SHA256).status(new RevokedStatus(Date.from(NOW)));

        assertThat(SCENE.judge(SCENE.honest().and(bad).encode())).isInstanceOf(Revoked.class);
        assertThat(SCENE.judge(bad.and(SCENE.honest()).encode())).isInstanceOf(Revoked.class);
    }

    @Test
    void takesTheTightestTimesOfTwoEntriesThatDiffer() {
        Instant end = NOW.plus(Duration.ofHours(1));
        OcspReply shorter = SCENE.honest(CertIdHash.SHA256).valid(NOW.minusSeconds(60), end);

        assertThat(SCENE.judge(SCENE.honest().and(shorter).encode())).isInstanceOfSatisfying(Good.class, good -> {
            assertThat(good.answer().thisUpdate()).isEqualTo(NOW.minusSeconds(60));
            assertThat(good.answer().nextUpdate()).isEqualTo(end);
        });
        assertUnusable(SCENE.judge(SCENE.honest().and(shorter.valid(NOW, null)).encode()), Code.NO_NEXT_UPDATE);
    }

    @Test
    void ignoresWhatIsSaidOfOtherCertificates() {
        Scene other = SCENE.withAnotherLeaf();
        byte[] response = other.honest().valid(NOW, null).and(SCENE.honest()).encode();

        assertThat(SCENE.judge(response)).isInstanceOf(Good.class);
    }

    @Test
    void ignoresANonceThatNobodyAskedFor() {
        for (boolean critical : new boolean[] {false, true}) { // R17
            byte[] response =
                    Surgery.responseExtension(SCENE.honest(), OCSPObjectIdentifiers.id_pkix_ocsp_nonce, critical);
            assertThat(SCENE.judge(response)).isInstanceOf(Good.class);
        }
    }

    @Test
    void bindsToTheIssuersKeyAndNotToItsNameAlone() {
        Authority namesake = SCENE.root().intermediate(issuance("Intermediate"));
        byte[] response = OcspReply.good(
                        OcspReply.certId(SCENE.leaf(), namesake.certificate(), false), namesake, NOW, VALIDITY)
                .namedByName()
                .encode();

        assertThat(SCENE.judge(response).reasons())
                .extracting(Reason::code)
                .containsExactly(Code.BAD_SIGNATURE, Code.WRONG_CERTIFICATE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-384", "RSA", "Ed25519"})
    void acceptsDelegatesWithKeysOfEveryKind(String kind) {
        var keys = Authority.newKeys(kind);
        var delegate = SCENE.issuer().issue(issuance("Responder").ocspSigning(), keys.getPublic());
        byte[] response =
                SCENE.honest().signedBy(delegate, keys).embedding(delegate).encode();

        assertThat(SCENE.judge(response)).isInstanceOf(Good.class);
    }

    @Test
    void endsWithTheDelegatesCertificate() {
        Instant end = NOW.plus(Duration.ofHours(2)); // R7
        Issuance shortLived = Issuance.named("Responder")
                .ocspSigning()
                .valid(NOW.minusSeconds(60), Duration.between(NOW.minusSeconds(60), end));
        byte[] response = ResponseVariant.delegated(SCENE.honest(), SCENE.issuer(), shortLived);

        assertThat(SCENE.judge(response))
                .isInstanceOfSatisfying(
                        Good.class,
                        good -> assertThat(good.answer().nextUpdate()).isEqualTo(end));
        assertUnusable(SCENE.judge(response, end.plusSeconds(1)), Code.SIGNER_NOT_VALID);
    }

    private static void assertUnusable(Verdict verdict, Code code) {
        assertThat(verdict).isInstanceOf(Unusable.class);
        assertThat(verdict.reasons()).extracting(Reason::code).containsOnly(code);
    }
}
