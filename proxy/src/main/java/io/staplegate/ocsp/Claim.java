package io.staplegate.ocsp;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.staplegate.ocsp.ParsedResponse.Basic;
import io.staplegate.ocsp.ParsedResponse.NoAnswer;
import java.math.BigInteger;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a response claims to be about, so that it can be judged for that. Nothing of it is verified.
 *
 * @param serials of the certificates that it names
 * @param fault why it can be about none; null where it is a response with answers in it
 */
public record Claim(Set<BigInteger> serials, Verdict.@Nullable Reason fault) {
    /** Reads the claim of one response. Never throws, whatever the bytes are. */
    public static Claim of(byte[] response) {
        return switch (ResponseParser.parse(response)) {
            case NoAnswer(Verdict.Reason reason) -> new Claim(Set.of(), reason);
            case Basic basic -> new Claim(serials(basic), null);
        };
    }

    private static Set<BigInteger> serials(Basic response) {
        return response.singles().stream()
                .map(entry -> entry.certId().getSerialNumber().getValue())
                .collect(toUnmodifiableSet());
    }
}
