package io.staplegate.device;

import io.staplegate.identity.PemInput;
import io.staplegate.ocsp.Crl;
import io.staplegate.ocsp.CrlReader;
import io.staplegate.ocsp.CrlReading;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Reads lists from files into memory, one at a time, on a thread of its own: millions of entries keep a thread busy for
 * seconds, and virtual threads have to share theirs with handshakes.
 */
final class CrlLoader implements AutoCloseable {
    private static final String PEM_LABEL = "X509 CRL";

    private final CrlReader reader;
    private final ListSigners signers;
    private final LongSupplier freeBytes;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("crl-loader").factory());

    /** What came of it. */
    sealed interface Outcome {
        /** {@code signer}: the CA whose it is. */
        record Loaded(Crl crl, X509Certificate signer) implements Outcome {}

        /** {@code unknown}: the CA whose list it would be, where that is not known. */
        record Refused(String reason, @Nullable X500Principal unknown) implements Outcome {}
    }

    /** {@code freeBytes}: how many a list may take in memory, asked when it is its turn. */
    CrlLoader(CrlReader reader, ListSigners signers, LongSupplier freeBytes) {
        this.reader = reader;
        this.signers = signers;
        this.freeBytes = freeBytes;
    }

    /** Reads one, in DER or PEM. Blocks. */
    Outcome load(Path file, Instant at) throws InterruptedException {
        try {
            return thread.submit(() -> read(file, at)).get();
        } catch (ExecutionException e) {
            return new Outcome.Refused(String.valueOf(e.getCause()), null);
        } catch (RejectedExecutionException e) {
            throw new InterruptedException("closed");
        }
    }

    private Outcome read(Path file, Instant at) throws IOException {
        X500Principal name;
        try (InputStream in = PemInput.open(file, PEM_LABEL)) {
            name = CrlReader.issuer(in);
        }
        if (name == null) {
            return new Outcome.Refused("it is no revocation list", null);
        }
        Outcome outcome = new Outcome.Refused("it is of " + name + ", who issued nothing here so far", name);
        for (X509Certificate signer : signers.named(name)) {
            try (InputStream in = PemInput.open(file, PEM_LABEL)) {
                outcome = outcome(reader.read(in, signer, at, freeBytes.getAsLong()), signer);
            }
            if (outcome instanceof Outcome.Loaded) {
                break;
            }
        }
        return outcome;
    }

    private static Outcome outcome(CrlReading reading, X509Certificate signer) {
        return switch (reading) {
            case CrlReading.Verified verified -> new Outcome.Loaded(verified.crl(), signer);
            case CrlReading.Unusable(List<Reason> reasons) ->
                new Outcome.Refused(reasons.stream().map(Reason::text).collect(Collectors.joining("; ")), null);
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
