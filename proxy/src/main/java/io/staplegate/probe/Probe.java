package io.staplegate.probe;

import io.netty.util.NetUtil;
import io.staplegate.config.Durations;
import io.staplegate.config.OcspConfig;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Meets a server once, as a device would, and reports what it presents and whether that verifies. */
public final class Probe {
    /** What the proxy, too, allows by default (R4). */
    private static final OcspValidator VALIDATOR = new OcspValidator(Durations.parse(OcspConfig.CLOCK_SKEW), null);

    private Probe() {}

    /** Connects, shakes hands, and judges. Blocks. A server that cannot be met is a fault of the report. */
    public static ProbeReport run(ProbeRequest request, InstantSource clock) {
        Set<X509Certificate> trusted = request.trusted() == null ? TrustedRoots.ofTheJdk() : request.trusted();
        Judge judge = new Judge(trusted, VALIDATOR);
        Device device = device(request);
        warmUp(device);
        try {
            InetSocketAddress server = new InetSocketAddress(request.host(), request.port());
            Encounter encounter = new DeviceHandshake(server, device, request.timeout()).perform();
            return report(request, encounter, judge, clock.instant());
        } catch (HandshakeFailure e) {
            return ProbeReport.failed(e);
        }
    }

    /** Meets nobody: so that the time reported is the handshake's, and not that of loading its classes. */
    private static void warmUp(Device device) {
        try {
            if (device.speaksDtls()) {
                DtlsSession.begin(device, new Nobody(), Duration.ZERO);
            } else {
                new DeviceEngine(device).output();
            }
        } catch (IOException e) {
            // nobody answers
        }
    }

    private static Device device(ProbeRequest request) {
        boolean address = NetUtil.isValidIpV4Address(request.host()) || NetUtil.isValidIpV6Address(request.host());
        String name = request.serverName() == null && !address ? request.host() : request.serverName();
        Device device = switch (request.protocol()) {
            case DTLS -> Device.overDtls();
            case TLS -> request.status() == StatusWish.V2 ? Device.usual().speaking(TlsVersion.TLS12) : Device.usual();
        };
        return device.naming(name).asking(request.status());
    }

    private static ProbeReport report(ProbeRequest request, Encounter encounter, Judge judge, Instant now) {
        Presented presented = encounter.presented();
        Judgement judgement = judge.judge(presented, now);
        List<ProbeReport.Certificate> chain = chain(presented, judgement, now);
        List<String> faults = faults(request, presented, judgement, chain);
        byte[] connectionId = presented.connectionId();
        Traffic traffic = encounter.traffic();
        return new ProbeReport(
                faults.isEmpty(),
                presented.version(),
                presented.suite(),
                connectionId == null ? null : HexFormat.of().formatHex(connectionId),
                chain,
                traffic.bytesSent(),
                traffic.bytesReceived(),
                traffic.datagramsSent(),
                traffic.datagramsReceived(),
                encounter.connecting().toMillis(),
                encounter.took().minus(encounter.connecting()).toMillis(),
                faults);
    }

    private static List<ProbeReport.Certificate> chain(Presented presented, Judgement judgement, Instant now) {
        List<ProbeReport.Certificate> chain = new ArrayList<>();
        for (int position = 0; position < presented.chain().size(); position++) {
            X509Certificate certificate = presented.chain().get(position);
            byte[] staple = presented.staples().get(position);
            chain.add(new ProbeReport.Certificate(
                    certificate.getSubjectX500Principal().getName(),
                    certificate.getSerialNumber().toString(16),
                    certificate.getNotAfter().toInstant(),
                    staple == null ? null : staple(staple, judgement.staples().get(position), now)));
        }
        return chain;
    }

    private static ProbeReport.Staple staple(byte[] response, @Nullable Verdict verdict, Instant now) {
        return switch (verdict) {
            case null -> unusable("unusable", List.of("nobody who is trusted can have signed it"), response.length);
            case Verdict.Unusable unusable -> unusable(unusable.word(), texts(unusable), response.length);
            case Verdict.Good(OcspAnswer answer) -> answered(answer, verdict, response.length, now);
            case Verdict.Revoked(OcspAnswer answer, var _) -> answered(answer, verdict, response.length, now);
            case Verdict.Unknown(OcspAnswer answer, var _) -> answered(answer, verdict, response.length, now);
        };
    }

    private static ProbeReport.Staple unusable(String word, List<String> reasons, int bytes) {
        return new ProbeReport.Staple(word, reasons, null, null, null, bytes);
    }

    private static ProbeReport.Staple answered(OcspAnswer answer, Verdict verdict, int bytes, Instant now) {
        return new ProbeReport.Staple(
                verdict.word(),
                texts(verdict),
                answer.thisUpdate(),
                answer.nextUpdate(),
                Duration.between(answer.thisUpdate(), now).toSeconds(),
                bytes);
    }

    private static List<String> texts(Verdict verdict) {
        return verdict.reasons().stream().map(Reason::text).toList();
    }

    private static List<String> faults(
            ProbeRequest request, Presented presented, Judgement judgement, List<ProbeReport.Certificate> chain) {
        List<String> faults = new ArrayList<>();
        if (judgement.chainFault() != null) {
            faults.add("chain: " + judgement.chainFault());
        }
        ServerCertificate.faults(presented.chain().getFirst(), request.expectedName())
                .forEach(fault -> faults.add("certificate: " + fault));
        for (int position = 0; position < chain.size(); position++) {
            ProbeReport.Staple staple = chain.get(position).staple();
            if (staple != null) {
                for (String reason : staple.reasons()) {
                    faults.add("staple " + position + ": " + reason);
                }
            }
        }
        if (request.status() != StatusWish.NONE && chain.getFirst().staple() == null) {
            faults.add("staple 0: none came, although one was asked for");
        }
        return faults;
    }
}
