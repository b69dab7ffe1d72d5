package io.staplegate.device;

import io.staplegate.config.Configuration;
import io.staplegate.fetch.Download;
import io.staplegate.fetch.FileDownload;
import io.staplegate.fetch.FileDownloads;
import io.staplegate.ocsp.Crl;
import io.staplegate.ocsp.CrlReader;
import io.staplegate.store.FileStore;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done when it is time to look at a source: the disk first, which is not trusted, then the network; or the
 * operator's file. What verifies, and is no older than what is held, is held from then on.
 */
final class CrlLook implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CrlLook.class);

    /** All lists together take this part of the heap at the most. */
    private static final int PART_OF_HEAP = 2;

    private static final int LARGEST_READ_BY_STORE = 1; // it only keeps files, and reads none

    private final FileDownloads downloads;
    private final InstantSource clock;
    private final Telemetry telemetry;
    private final ListSigners signers;
    private final Consumer<CrlSource.Held> changed;
    private final Semaphore fetches;
    private final CrlLoader loader;
    private final FileStore store;

    /**
     * Makes one for all sources.
     *
     * @param heldBytes of memory, by all lists
     * @param changed told of each list that says something new
     */
    CrlLook(
            Configuration configuration,
            FileDownloads downloads,
            InstantSource clock,
            Telemetry telemetry,
            ListSigners signers,
            LongSupplier heldBytes,
            Consumer<CrlSource.Held> changed) {
        Path directory = configuration.state().directory().resolve("crls").resolve("devices");
        long most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
        this.downloads = downloads;
        this.clock = clock;
        this.telemetry = telemetry;
        this.signers = signers;
        this.changed = changed;
        this.fetches = new Semaphore(configuration.devices().maxConcurrentFetches(), true);
        this.loader = new CrlLoader(
                new CrlReader(configuration.ocsp().clockSkew()), signers, () -> most - heldBytes.getAsLong());
        this.store = new FileStore(directory, ".crl", LARGEST_READ_BY_STORE, telemetry);
    }

    /** Looks at a source that nobody else looks at now. Blocks. */
    void at(CrlSource source) throws InterruptedException {
        try {
            switch (source.place()) {
                case CrlPlace.Web web -> {
                    if (!source.isRestored()) {
                        restore(source, web);
                    }
                    if (source.isDueAt(clock.instant())) {
                        fetch(source, web);
                    }
                }
                case CrlPlace.Local local -> read(source, local);
            }
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("list", source.place()).log("a look at a revocation list broke off");
            failed(source, "internal error: " + e, null);
        }
    }

    /** Removes the files of lists that nobody asked about for a month. */
    void prune(Collection<CrlPlace> known) {
        store.prune(
                known.stream()
                        .filter(CrlPlace.Web.class::isInstance)
                        .map(place -> ((CrlPlace.Web) place).key())
                        .collect(Collectors.toSet()),
                clock.instant());
    }

    @Override
    public void close() {
        loader.close();
        store.close();
    }

    /** One that has ended is held as well, for the grace; then the look goes on at once. */
    private void restore(CrlSource source, CrlPlace.Web web) throws InterruptedException {
        Path file = store.file(web.key());
        if (!Files.isRegularFile(file)) {
            return;
        }
        Instant now = clock.instant();
        if (loader.load(file, now) instanceof CrlLoader.Outcome.Loaded(Crl crl, X509Certificate signer)) {
            hold(source, crl, signer);
            if (now.isBefore(crl.nextUpdate())) {
                source.plan(now);
            }
        }
    }

    private void fetch(CrlSource source, CrlPlace.Web web) throws IOException, InterruptedException {
        Path temporary = store.temporary(web.key());
        try {
            switch (download(source, web, temporary)) {
                case FileDownload.Unchanged _ -> source.succeeded(null, clock.instant());
                case FileDownload.Failed(String text, Duration retryAfter) -> failed(source, text, retryAfter);
                case FileDownload.Stored(Download.Version version) -> {
                    if (take(source, loader.load(temporary, clock.instant()), version)) {
                        store.adopt(web.key(), temporary, clock.instant());
                    }
                }
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private FileDownload download(CrlSource source, CrlPlace.Web web, Path temporary) throws InterruptedException {
        fetches.acquire();
        try {
            return downloads.get(web.url(), source.version(), temporary);
        } finally {
            fetches.release();
        }
    }

    private void read(CrlSource source, CrlPlace.Local local) throws InterruptedException {
        source.reading(local.stamp());
        if (Files.isRegularFile(local.file())) {
            take(source, loader.load(local.file(), clock.instant()), Download.Version.NONE);
        } else {
            failed(source, "there is no such file", null);
        }
    }

    /** Takes over what came. Returns whether that is held now. */
    private boolean take(CrlSource source, CrlLoader.Outcome outcome, Download.Version version) {
        Instant now = clock.instant();
        return switch (outcome) {
            case CrlLoader.Outcome.Refused(String reason, X500Principal unknown) -> {
                failed(source, reason, null, unknown);
                yield false;
            }
            case CrlLoader.Outcome.Loaded(Crl crl, X509Certificate _)
            when source.isOutdatedAt(now, crl) -> {
                failed(source, "the list of " + crl.thisUpdate() + " is older than the one that is held", null);
                yield false;
            }
            case CrlLoader.Outcome.Loaded(Crl crl, X509Certificate signer) -> {
                hold(source, crl, signer);
                if (now.isBefore(crl.nextUpdate())) {
                    source.succeeded(version, now);
                } else {
                    failed(source, "nextUpdate " + crl.nextUpdate() + " has passed", null);
                }
                yield true;
            }
        };
    }

    private void hold(CrlSource source, Crl crl, X509Certificate signer) {
        if (source.hold(crl, signer)) {
            telemetry
                    .crls()
                    .held(
                            source.place().label(),
                            crl.nextUpdate(),
                            crl.revoked().size(),
                            crl.revoked().bytes());
            changed.accept(new CrlSource.Held(crl, signer));
        }
    }

    private void failed(CrlSource source, String reason, @Nullable Duration retryAfter) {
        failed(source, reason, retryAfter, null);
    }

    private void failed(
            CrlSource source, String reason, @Nullable Duration retryAfter, @Nullable X500Principal unknown) {
        source.failed(reason, unknown, retryAfter, clock.instant());
        telemetry.crls().failed(source.place().label());
        if (unknown != null && !signers.named(unknown).isEmpty()) {
            source.hurry(); // it turned up meanwhile
        }
    }
}
