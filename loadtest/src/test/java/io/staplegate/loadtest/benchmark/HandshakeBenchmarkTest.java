package io.staplegate.loadtest.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.staplegate.loadtest.benchmark.HandshakeBenchmark.Crypto;
import io.staplegate.loadtest.benchmark.HandshakeBenchmark.Offer;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the benchmark does, once for each parameter, as JMH does it; no time is taken. */
final class HandshakeBenchmarkTest {
    static Stream<Arguments> parameters() {
        return Arrays.stream(Crypto.values())
                .flatMap(crypto -> Arrays.stream(Offer.values()).map(offer -> Arguments.of(crypto, offer)));
    }

    @ParameterizedTest
    @MethodSource("parameters")
    void twoTurnsAreAFullHandshakeWithAStapleForEachCertificate(Crypto crypto, Offer offer) throws IOException {
        HandshakeBenchmark benchmark = new HandshakeBenchmark();
        benchmark.crypto = crypto;
        benchmark.offer = offer;
        benchmark.open();
        for (int handshake = 0; handshake < 2; handshake++) {
            benchmark.device();
            assertThat(benchmark.server()).as("chain and staples").isGreaterThan(1_500);
            benchmark.device();
            benchmark.server();
        }
        benchmark.device(); // requires that the last one is complete
    }

    @Test
    void aHandshakeThatDoesNotComeToItsEndIsNotMeasured() throws IOException {
        HandshakeBenchmark benchmark = new HandshakeBenchmark();
        benchmark.open();
        benchmark.device();
        benchmark.server();
        benchmark.device();
        assertThatIllegalStateException().isThrownBy(benchmark::device);
    }
}
