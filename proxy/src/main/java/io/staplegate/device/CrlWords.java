package io.staplegate.device;

import io.staplegate.device.Word.Silence;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/** What revocation lists say, as a gate hears it. */
record CrlWords(Crls crls, InstantSource clock) implements RevocationSource {
    @Override
    public Word known(Credential credential, Instant now) {
        return switch (crls.status(credential.certificate(), credential.issuer().certificate(), now)) {
            case CrlStatus.Good good -> new Word.Good(Evidence.CRL, good.from(), good.until());
            case CrlStatus.Ended ended -> new Word.Good(Evidence.CRL, ended.from(), ended.nextUpdate());
            case CrlStatus.Revoked revoked -> new Word.Revoked(Evidence.CRL, revoked.from(), revoked.until());
            case CrlStatus.Unavailable _ -> Silence.NOTHING;
            case CrlStatus.NoSource _ -> Silence.NO_SOURCE;
        };
    }

    @Override
    public CompletableFuture<Word> find(Credential credential) {
        return crls.arrival(credential.certificate(), credential.issuer().certificate())
                .thenApply(_ -> known(credential, clock.instant()));
    }

    /** The lists see to themselves. */
    @Override
    public void use(Credential credential, boolean isNeeded) {}
}
