package io.staplegate.app;

import io.staplegate.probe.ProbeReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A probe's report for people. */
final class ProbeText {
    private ProbeText() {}

    /** Nothing where there was no handshake. */
    static List<String> lines(ProbeReport report) {
        if (report.protocol() == null) {
            return List.of();
        }
        boolean datagrams = report.datagramsSent() > 0;
        List<String> lines = new ArrayList<>();
        lines.add("protocol: " + report.protocol() + ", " + report.suite());
        for (int position = 0; position < report.chain().size(); position++) {
            ProbeReport.Certificate certificate = report.chain().get(position);
            lines.add("certificate %d: %s, serial %s, until %s"
                    .formatted(position, certificate.subject(), certificate.serial(), certificate.notAfter()));
            lines.add("staple %d: %s".formatted(position, staple(certificate.staple())));
        }
        if (datagrams) {
            lines.add("connection id: " + Objects.requireNonNullElse(report.connectionId(), "none"));
        }
        lines.add("bytes: %d sent, %d received".formatted(report.bytesSent(), report.bytesReceived()));
        if (datagrams) {
            lines.add("datagrams: %d sent, %d received".formatted(report.datagramsSent(), report.datagramsReceived()));
        }
        lines.add("time: %d ms to connect, %d ms for the handshake"
                .formatted(report.connectMilliseconds(), report.handshakeMilliseconds()));
        return lines;
    }

    private static String staple(ProbeReport.@Nullable Staple staple) {
        if (staple == null) {
            return "none";
        }
        Long seconds = staple.ageSeconds();
        String age = seconds == null ? "" : ", age " + Table.roughly(Duration.ofSeconds(seconds));
        String end = staple.nextUpdate() == null ? "" : ", until " + staple.nextUpdate();
        String why = staple.reasons().stream().map(reason -> "; " + reason).collect(Collectors.joining());
        return staple.verdict() + age + end + ", " + staple.bytes() + " bytes" + why;
    }
}
