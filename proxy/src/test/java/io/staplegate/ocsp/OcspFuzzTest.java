package io.staplegate.ocsp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.staplegate.testing.ResponseVariant;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes at all: a verdict, and no exception. Runs on its seeds; with {@code JAZZER_FUZZ=1}, on what it finds. */
class OcspFuzzTest {
    private static final Scene SCENE = Scene.create();

    static Stream<byte[]> seeds() {
        return Stream.of(ResponseVariant.values()).map(variant -> variant.of(SCENE.honest()));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "2m")
    void neverThrows(byte[] response) {
        X509Certificate issuer = SCENE.issuer().certificate();
        byte[] dressed = Dressing.dress(response, issuer, List.of(SCENE.leaf(), issuer));

        if (SCENE.judge(response).getClass() != SCENE.judge(dressed).getClass()) {
            throw new AssertionError("dressing changed the verdict");
        }
    }
}
