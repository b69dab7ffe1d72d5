package io.staplegate.app;

import io.staplegate.probe.ProbeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A probe's report as it is printed: the names of the components are those of the JSON.
 *
 * @param ok whether everything verifies
 * @param protocol {@code TLSv1.2} or {@code TLSv1.3}; null, as what follows, where there was no handshake
 * @param chain as it was sent, the leaf first
 * @param bytesSent of TLS, until the end of the handshake
 * @param bytesReceived likewise
 * @param connectMilliseconds until there was a connection
 * @param handshakeMilliseconds from then to the end of the handshake
 * @param faults everything that does not verify
 */
record ProbeView(
        boolean ok,
        @Nullable String protocol,
        @Nullable String suite,
        List<Certificate> chain,
        long bytesSent,
        long bytesReceived,
        long connectMilliseconds,
        long handshakeMilliseconds,
        List<String> faults) {

    /** One certificate of the chain. {@code staple}: null where none came. */
    record Certificate(
            String subject,
            String serial,
            Instant notAfter,
            @Nullable Staple staple) {}

    /** One staple. The times are null where it is unusable. */
    record Staple(
            String verdict,
            List<String> reasons,
            @Nullable Instant thisUpdate,
            @Nullable Instant nextUpdate,
            @Nullable Long ageSeconds,
            int bytes) {
        private String line() {
            String age = ageSeconds == null ? "" : ", age " + Table.roughly(Duration.ofSeconds(ageSeconds));
            String end = nextUpdate == null ? "" : ", until " + nextUpdate;
            String why = reasons.stream().map(reason -> "; " + reason).collect(Collectors.joining());
            return verdict + age + end + ", " + bytes + " bytes" + why;
        }
    }

    static ProbeView of(ProbeReport report) {
        ProbeReport.Session session = report.session();
        if (session == null) {
            return new ProbeView(false, null, null, List.of(), 0, 0, 0, 0, report.faults());
        }
        return new ProbeView(
                report.ok(),
                session.version(),
                session.suite(),
                session.chain().stream().map(ProbeView::of).toList(),
                session.bytesSent(),
                session.bytesReceived(),
                session.connecting().toMillis(),
                session.handshake().toMillis(),
                report.faults());
    }

    private static Certificate of(ProbeReport.Certificate certificate) {
        ProbeReport.Staple staple = certificate.staple();
        return new Certificate(
                certificate.subject(),
                certificate.serial(),
                certificate.notAfter(),
                staple == null
                        ? null
                        : new Staple(
                                staple.verdict(),
                                staple.reasons(),
                                staple.thisUpdate(),
                                staple.nextUpdate(),
                                staple.age() == null ? null : staple.age().toSeconds(),
                                staple.bytes()));
    }

    /** For people; nothing where there was no handshake. */
    List<String> lines() {
        if (protocol == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add("protocol: " + protocol + ", " + suite);
        for (int position = 0; position < chain.size(); position++) {
            Certificate certificate = chain.get(position);
            Staple staple = certificate.staple();
            lines.add("certificate %d: %s, serial %s, until %s"
                    .formatted(position, certificate.subject(), certificate.serial(), certificate.notAfter()));
            lines.add("staple %d: %s".formatted(position, staple == null ? "none" : staple.line()));
        }
        lines.add("bytes: %d sent, %d received".formatted(bytesSent, bytesReceived));
        lines.add("time: %d ms to connect, %d ms for the handshake"
                .formatted(connectMilliseconds, handshakeMilliseconds));
        return lines;
    }
}
