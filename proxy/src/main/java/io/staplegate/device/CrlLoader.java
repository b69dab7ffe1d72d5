package io.staplegate.device;

import io.staplegate.identity.PemInput;
import io.staplegate.ocsp.CrlReader;
import io.staplegate.ocsp.CrlReading;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
    private static final Set<Code> PASSING = EnumSet.of(Code.NOT_YET_VALID, Code.OVERSIZE);

    private final CrlReader reader;
    private final ListSigners signers;
    private final LongSupplier freeBytes;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("crl-loader").factory());

    /** What came of it. */
    sealed interface Outcome {
        /** It verifies. */
        record Loaded(HeldList list) implements Outcome {}

        /**
         * It is of no use.
         *
         * @param unknown the CA whose list it would be, where that is not known
         * @param mayPass whether the same file may be of use later: when its time has come, or there is room
         */
        record Refused(String reason, @Nullable X500Principal unknown, boolean mayPass) implements Outcome {}
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
            return new Outcome.Refused(String.valueOf(e.getCause()), null, e.getCause() instanceof FileSystemException);
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
            return new Outcome.Refused("it is no revocation list", null, false);
        }
        Outcome outcome = new Outcome.Refused("it is of " + name + ", who issued nothing here so far", name, false);
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
            case CrlReading.Verified verified -> new Outcome.Loaded(new HeldList(verified.crl(), signer));
            case CrlReading.Unusable(List<Reason> reasons) ->
                new Outcome.Refused(
                        reasons.stream().map(Reason::text).collect(Collectors.joining("; ")),
                        null,
                        reasons.stream().allMatch(reason -> PASSING.contains(reason.code())));
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
        thread.close();
    }
}
