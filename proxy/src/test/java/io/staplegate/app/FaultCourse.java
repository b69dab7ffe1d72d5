package io.staplegate.app;

import io.staplegate.config.Durations;
import io.staplegate.config.OcspConfig;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.testing.StapleJudge;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one proxy did about one fault.
 *
 * @param visits one for each moment that there was
 * @param status of the leaf during the fault, as the metric has it
 * @param exchanges with the responder during the fault, by outcome
 * @param refreshes of both certificates during the fault, by outcome
 * @param rungs of the ladder on which these ended
 * @param circuitOpen whether the responder is only probed by the end of that
 * @param log its warnings and errors about them, from the beginning of the fault to the end of all
 */
record FaultCourse(
        Map<Moment, Visit> visits,
        String status,
        Counts exchanges,
        Counts refreshes,
        Counts rungs,
        boolean circuitOpen,
        List<String> log) {

    /** What the proxy has when the fault begins. */
    enum Start {
        /** Nothing: it starts for the first time. */
        COLD,
        /** A good staple: it runs. */
        WARM,
        /** A good staple on its disk: it starts again. */
        RESTARTED
    }

    /** When a device came. */
    enum Moment {
        BEFORE,
        IN_FAULT,
        LAST_MOMENT,
        AFTER_END,
        RECOVERED
    }

    /**
     * A staple as it came over the wire.
     *
     * @param at by the proxy's clock
     * @param judged what strict devices make of it
     */
    record Stapled(X509Certificate certificate, X509Certificate issuer, byte[] staple, Instant at, String judged) {
        /** What {@code staplegate verify} says. */
        String verified() {
            return new OcspValidator(Durations.parse(OcspConfig.CLOCK_SKEW), null)
                    .judge(staple, certificate, issuer, at)
                    .word();
        }
    }

    /** What a device got: a staple for each certificate, or none, or no handshake. */
    record Visit(List<Stapled> staples, boolean refused) {
        /** {@code chain}: what the staples are about in turn, and the root. */
        static Visit of(StapledHandshake handshake, List<X509Certificate> chain, Instant at) {
            List<Stapled> staples = new ArrayList<>();
            for (byte[] staple : handshake.staples()) {
                StapleJudge judge = new StapleJudge(chain.get(staples.size()), chain.get(staples.size() + 1));
                staples.add(new Stapled(judge.certificate(), judge.issuer(), staple, at, judge.judge(staple, at)));
            }
            return new Visit(List.copyOf(staples), handshake.refused());
        }

        /** Whether each certificate of the chain had a staple. */
        boolean isStapled() {
            return staples.size() == 2;
        }

        /** Whether the same came, byte by byte. */
        boolean isLike(@Nullable Visit other) {
            return other != null && Arrays.deepEquals(bytes(), other.bytes());
        }

        private byte[][] bytes() {
            return staples.stream().map(Stapled::staple).toArray(byte[][]::new);
        }
    }

    /** What a device got at a moment; null where that moment did not come. */
    @Nullable
    Visit at(Moment moment) {
        return visits.get(moment);
    }
}
