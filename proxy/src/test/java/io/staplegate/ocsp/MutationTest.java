package io.staplegate.ocsp;

import static org.assertj.core.api.Assertions.assertThat;

import io.staplegate.ocsp.Verdict.Good;
import io.staplegate.testing.ResponseVariant;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A good response with a bit turned over in any byte: never one that says something else, and no exception. */
class MutationTest {
    private static final Scene SCENE = Scene.create();

    private record Meaning(OcspAnswer.Status status, Instant from, Instant until, Set<CertIdHash> hashes) {
        static Meaning of(OcspAnswer answer) {
            return new Meaning(answer.status(), answer.thisUpdate(), answer.nextUpdate(), answer.hashes());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HONEST", "BY_NAME", "DELEGATED"})
    void neverSaysAnythingElse(ResponseVariant variant) {
        byte[] response = variant.of(SCENE.honest());
        Meaning meaning = meaning(response);

        for (int i = 0; i < response.length; i++) {
            byte[] mutant = response.clone();
            mutant[i] ^= (byte) (1 << i % 8);
            if (SCENE.judge(mutant) instanceof Good good) {
                assertThat(Meaning.of(good.answer())).isEqualTo(meaning);
            }
            dress(mutant);
        }
    }

    @Test
    void isNothingWhenCutShort() {
        byte[] response = ResponseVariant.DELEGATED.of(SCENE.honest());

        for (int length = 0; length < response.length; length++) {
            assertThat(SCENE.judge(Arrays.copyOf(response, length)).reasons())
                    .extracting(Verdict.Reason::code)
                    .containsExactly(Verdict.Code.MALFORMED);
        }
    }

    private static Meaning meaning(byte[] response) {
        return Meaning.of(((Good) SCENE.judge(response)).answer());
    }

    private static void dress(byte[] response) {
        X509Certificate issuer = SCENE.issuer().certificate();
        assertThat(Dressing.dress(response, issuer, List.of(SCENE.leaf(), issuer)))
                .isNotEmpty();
    }
}
