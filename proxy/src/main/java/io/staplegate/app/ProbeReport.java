package io.staplegate.app;

import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.Verdict;
import io.staplegate.probe.Encounter;
import io.staplegate.probe.Judgement;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What {@code probe} has to say of a server. The names of the components are those of its JSON.
 *
 * @param protocol {@code TLSv1.2} or {@code TLSv1.3}
 * @param chain as it was sent, the leaf first
 * @param chainFault why the chain is not trusted; null where it is
 * @param bytesSent of TLS, until the end of the handshake
 * @param bytesReceived likewise
 * @param milliseconds from connecting to the end of the handshake
 */
record ProbeReport(
        String protocol,
        List<Certificate> chain,
        @Nullable String chainFault,
        long bytesSent,
        long bytesReceived,
        long milliseconds) {

    /** One certificate of the chain. {@code staple}: null where none came. */
    record Certificate(
            String subject,
            String serial,
            Instant notAfter,
            @Nullable Staple staple) {}

    /**
     * One staple. {@code verdict}: as of {@code verify}, or {@code unjudged} where its signer cannot be known; the times
     * are null where it proves nothing.
     */
    record Staple(
            String verdict,
            List<String> reasons,
            @Nullable Instant thisUpdate,
            @Nullable Instant nextUpdate,
            int bytes) {
        static Staple of(byte[] der, @Nullable Verdict verdict) {
            if (verdict == null) {
                return new Staple("unjudged", List.of(), null, null, der.length);
            }
            OcspAnswer answer = switch (verdict) {
                case Verdict.Good good -> good.answer();
                case Verdict.Revoked revoked -> revoked.answer();
                case Verdict.Unknown unknown -> unknown.answer();
                case Verdict.Unusable _ -> null;
            };
            return new Staple(
                    VerifyCommand.word(verdict),
                    verdict.reasons().stream().map(Verdict.Reason::text).toList(),
                    answer == null ? null : answer.thisUpdate(),
                    answer == null ? null : answer.nextUpdate(),
                    der.length);
        }

        private String line(Instant now) {
            String age = thisUpdate == null ? "" : ", age " + Table.roughly(Duration.between(thisUpdate, now));
            String end = nextUpdate == null ? "" : ", ends in " + Table.roughly(Duration.between(now, nextUpdate));
            String why = reasons.stream().map(reason -> "; " + reason).collect(Collectors.joining());
            return verdict + age + end + ", " + bytes + " bytes" + why;
        }
    }

    static ProbeReport of(Encounter encounter, Judgement judgement) {
        List<Certificate> chain = new ArrayList<>();
        for (int position = 0; position < encounter.presented().chain().size(); position++) {
            X509Certificate certificate = encounter.presented().chain().get(position);
            byte[] der = encounter.presented().staples().get(position);
            chain.add(new Certificate(
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getSerialNumber().toString(16),
                    certificate.getNotAfter().toInstant(),
                    der == null ? null : Staple.of(der, judgement.staples().get(position))));
        }
        return new ProbeReport(
                encounter.presented().version(),
                List.copyOf(chain),
                judgement.chainFault(),
                encounter.bytesSent(),
                encounter.bytesReceived(),
                encounter.took().toMillis());
    }

    /** For people. */
    List<String> lines(Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add("protocol: " + protocol);
        for (int position = 0; position < chain.size(); position++) {
            Certificate certificate = chain.get(position);
            Staple staple = certificate.staple();
            lines.add("certificate %d: %s, serial %s, until %s"
                    .formatted(position, certificate.subject(), certificate.serial(), certificate.notAfter()));
            lines.add("staple %d: %s".formatted(position, staple == null ? "none" : staple.line(now)));
        }
        lines.add("chain: " + (chainFault == null ? "verifies" : chainFault));
        lines.add("bytes: %d sent, %d received".formatted(bytesSent, bytesReceived));
        lines.add("time: %d ms".formatted(milliseconds));
        return lines;
    }
}
