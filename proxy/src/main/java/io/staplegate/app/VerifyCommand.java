package io.staplegate.app;

import io.staplegate.config.Durations;
import io.staplegate.config.OcspConfig;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code staplegate verify}: judges one OCSP response exactly as the proxy would. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Judge an OCSP response exactly as the proxy would.",
            "Prints good, revoked, unknown or unusable, then a line for each reason. Exit code 0 for good alone."
        })
final class VerifyCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = "--cert",
            required = true,
            paramLabel = "FILE",
            description = "The certificate that the response is about, in PEM or DER; of a chain, the first.")
    private Path certificate = Path.of("");

    @Option(
            names = "--issuer",
            required = true,
            paramLabel = "FILE",
            description =
                    "The CA certificate that issued it, in PEM or DER; of several, the one with its issuer's name.")
    private Path issuer = Path.of("");

    @Option(names = "--response", required = true, paramLabel = "FILE", description = "The response, in DER.")
    private Path response = Path.of("");

    @Option(
            names = "--at",
            paramLabel = "INSTANT",
            description = "Judge as of then, for example 2026-01-31T12:00:00Z (default: now).")
    private @Nullable Instant at;

    @Option(
            names = "--max-age",
            paramLabel = "DURATION",
            description = "The age from which on a response is too old, for example 36h (default: none).")
    private @Nullable Duration maxAge;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure {
        X509Certificate subject = InputFile.certificates(certificate).getFirst();
        X509Certificate authority = issuerOf(subject, InputFile.certificates(issuer));
        byte[] der = InputFile.bytes(response, OcspValidator.MAX_RESPONSE_BYTES + 1);
        Instant then = at != null ? at : Instant.now();

        OcspValidator validator = new OcspValidator(Durations.parse(OcspConfig.CLOCK_SKEW), maxAge);
        Verdict verdict = validator.judge(der, subject, authority, then);
        console.print(word(verdict));
        verdict.reasons().forEach(reason -> console.print("reason: " + reason.text()));
        return verdict instanceof Verdict.Good ? Exit.DONE : Exit.FAILED;
    }

    private static X509Certificate issuerOf(X509Certificate subject, List<X509Certificate> authorities) {
        return authorities.stream()
                .filter(authority -> authority.getSubjectX500Principal().equals(subject.getIssuerX500Principal()))
                .findFirst()
                .orElse(authorities.getFirst());
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Good _ -> "good";
            case Verdict.Revoked _ -> "revoked";
            case Verdict.Unknown _ -> "unknown";
            case Verdict.Unusable _ -> "unusable";
        };
    }
}
