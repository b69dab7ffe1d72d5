package io.staplegate.staple;

import io.staplegate.config.FileReference;
import io.staplegate.ocsp.OcspValidator;
import io.staplegate.ocsp.Verdict;
import io.staplegate.store.AtomicFile;
import io.staplegate.store.RegularFile;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that follow the staple of a leaf, for HAProxy, nginx or Envoy beside the proxy. Owned by one thread.
 *
 * <p>When a staple ends and nothing follows, its file is removed: a server without a staple is refused by strict
 * devices at worst, one with an expired or withdrawn staple by all that ask, and HAProxy may not start with it. A file
 * that is no OCSP response is neither removed nor replaced: it may be named by mistake, and hold a key.
 */
final class Export {
    private static final Logger LOG = LoggerFactory.getLogger(Export.class);
    private static final String PERMISSIONS = "rw-r--r--";

    private final OcspValidator validator;
    private final RefreshPolicy policy;
    private final Telemetry telemetry;
    private final Set<Path> failing = new HashSet<>();

    Export(OcspValidator validator, RefreshPolicy policy, Telemetry telemetry) {
        this.validator = validator;
        this.policy = policy;
        this.telemetry = telemetry;
    }

    /** Brings the files of one identity in step with what it staples now. */
    void sync(PublishedChain chain, Instant now) {
        TrackedCertificate leaf = chain.certificateAt(0);
        List<FileReference> files = chain.identity().config().export();
        if (leaf == null || files.isEmpty()) {
            return;
        }
        ChainStaples staples = chain.current(now.toEpochMilli());
        for (FileReference file : files) {
            Path path = file.path();
            try {
                Staple staple = staples.staples().getFirst();
                if (staple != null) {
                    write(path, staple, leaf.target(), now);
                } else {
                    withdraw(path, leaf.target(), staples.leafRevoked(), now);
                }
                if (failing.remove(path)) {
                    LOG.atInfo().addKeyValue("file", path).log("export file can be written again");
                }
            } catch (IOException e) {
                failed(chain.identity().name(), path, e);
            }
        }
    }

    private void write(Path file, Staple staple, StapleTarget target, Instant now) throws IOException {
        byte[] before = read(file);
        if (Arrays.equals(before, staple.dressed())) {
            return;
        }
        if (before.length > 0 && !isResponse(judge(before, target, now))) {
            throw new IOException("the file is no OCSP response: not replaced");
        }
        AtomicFile.write(file, staple.dressed(), PERMISSIONS, staple.fetchedAt());
    }

    /** Removes a response that is of no use any more. One that another run has left, and is still good, stays. */
    private void withdraw(Path file, StapleTarget target, boolean revoked, Instant now) throws IOException {
        Verdict verdict = judge(read(file), target, now);
        boolean isGood = !revoked && verdict instanceof Verdict.Good good && now.isBefore(policy.end(good.answer()));
        if (isResponse(verdict) && !isGood) {
            Files.deleteIfExists(file);
            LOG.atWarn().addKeyValue("file", file).log("exported staple has ended: file removed");
        }
    }

    private Verdict judge(byte[] content, StapleTarget target, Instant now) {
        return validator.judge(content, target.certificate(), target.issuer(), now);
    }

    private static boolean isResponse(Verdict verdict) {
        return verdict.reasons().stream()
                .noneMatch(reason -> reason.code() == Verdict.Code.MALFORMED || reason.code() == Verdict.Code.OVERSIZE);
    }

    /** What is in a file; nothing where there is none. */
    private static byte[] read(Path file) throws IOException {
        try (InputStream in = RegularFile.open(file)) {
            return in.readNBytes(OcspValidator.MAX_RESPONSE_BYTES + 1);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    private void failed(String identity, Path file, IOException fault) {
        telemetry.exportFailed(identity);
        if (failing.add(file)) {
            LOG.atWarn()
                    .addKeyValue("identity", identity)
                    .addKeyValue("file", file)
                    .addKeyValue("reason", fault.toString())
                    .log("staple cannot be exported");
        }
    }
}
