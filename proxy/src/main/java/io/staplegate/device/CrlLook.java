package io.staplegate.device;

import io.staplegate.config.Configuration;
import io.staplegate.fetch.Download;
import io.staplegate.fetch.FileDownload;
import io.staplegate.fetch.FileDownloads;
import io.staplegate.ocsp.CrlReader;
import io.staplegate.ocsp.RevokedSerials;
import io.staplegate.store.FileStore;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
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

    private final FileDownloads downloads;
    private final InstantSource clock;
    private final Telemetry telemetry;
    private final ListSigners signers;
    private final Consumer<HeldList> changed;
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
            Consumer<HeldList> changed) {
        Path directory = configuration.state().directory().resolve("crls").resolve("devices");
        long most = Runtime.getRuntime().maxMemory() / PART_OF_HEAP;
        this.downloads = downloads;
        this.clock = clock;
        this.telemetry = telemetry;
        this.signers = signers;
        this.changed = changed;
        this.loader = new CrlLoader(
                new CrlReader(configuration.ocsp().clockSkew()), signers, () -> most - heldBytes.getAsLong());
        // It only keeps files, and reads none.
        this.store = new FileStore(directory, ".crl", 1, telemetry);
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
                        .flatMap(place -> ((CrlPlace.Web) place).keys())
                        .collect(Collectors.toSet()),
                clock.instant());
    }

    @Override
    public void close() {
        loader.close();
        store.close();
    }

    /**
     * One that has ended is held as well, for the grace; then the look goes on at once. So it does where the disk has
     * one whose time has not come: a clock that is behind would else cost the revocations.
     */
    private void restore(CrlSource source, CrlPlace.Web web) throws InterruptedException {
        boolean isFinal = true;
        boolean isCurrent = true;
        for (Path file :
                web.keys().map(store::file).filter(Files::isRegularFile).toList()) {
            Instant now = clock.instant();
            switch (loader.load(file, now)) {
                case CrlLoader.Outcome.Loaded(HeldList list) -> {
                    if (source.objectionAt(now, list) == null) {
                        hold(source, list, now);
                    }
                    isCurrent &= list.holdsAt(now);
                }
                case CrlLoader.Outcome.Refused refused -> isFinal &= !refused.mayPass();
            }
        }
        if (isFinal) {
            source.restored();
        }
        if (isCurrent) {
            source.plan(clock.instant());
        }
    }

    private void fetch(CrlSource source, CrlPlace.Web web) throws IOException, InterruptedException {
        Path temporary = store.temporary(web.key(0));
        Instant before = clock.instant();
        Refusal known = source.refusalAt(before);
        try {
            switch (downloads.get(web.url(), source.versionAt(before), temporary)) {
                case FileDownload.Unchanged _
                when known != null -> {
                    source.refusedAgain(known, clock.instant());
                    telemetry.crls().failed(web.label());
                }
                case FileDownload.Unchanged _ -> source.succeeded(null, clock.instant());
                case FileDownload.Failed(String text, Duration retryAfter) -> failed(source, text, retryAfter);
                case FileDownload.Stored(Download.Version version, boolean isWhole) -> {
                    HeldList list = take(source, loader.load(temporary, clock.instant()), version, isWhole);
                    if (list != null) {
                        store.adopt(web.key(source.slot(list)), temporary, clock.instant());
                    }
                }
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void read(CrlSource source, CrlPlace.Local local) throws InterruptedException {
        source.reading(local.stamp());
        if (Files.isRegularFile(local.file())) {
            take(source, loader.load(local.file(), clock.instant()), Download.Version.NONE, true);
        } else {
            failed(source, "there is no such file", null);
        }
    }

    /** Takes over what came. Returns the list that is held now; null where it is none. */
    private @Nullable HeldList take(
            CrlSource source, CrlLoader.Outcome outcome, Download.Version version, boolean isWhole) {
        Instant now = clock.instant();
        Download.Version judged = isWhole ? version.exact() : Download.Version.NONE;
        return switch (outcome) {
            case CrlLoader.Outcome.Refused(String reason, X500Principal unknown, boolean mayPass) -> {
                Refusal refusal = new Refusal(mayPass ? Download.Version.NONE : judged, reason, Instant.MAX, now);
                refused(source, refusal, unknown, mayPass);
                yield null;
            }
            case CrlLoader.Outcome.Loaded(HeldList list)
            when source.objectionAt(now, list) != null -> {
                String objection = Objects.requireNonNull(source.objectionAt(now, list));
                refused(source, new Refusal(judged, objection, source.firstEndAfter(now), now), null, false);
                yield null;
            }
            case CrlLoader.Outcome.Loaded(HeldList list) -> {
                hold(source, list, now);
                if (list.holdsAt(now)) {
                    source.succeeded(version, now);
                } else {
                    ended(source, list, judged, now);
                }
                yield list;
            }
        };
    }

    /** It counts, and a newer one is looked for: often, where a server can say that it has none without sending it. */
    private void ended(CrlSource source, HeldList list, Download.Version version, Instant now) {
        String reason = "nextUpdate " + list.crl().nextUpdate() + " has passed";
        if (source.place() instanceof CrlPlace.Local) {
            failed(source, reason, null);
        } else {
            boolean isCheap = !version.equals(Download.Version.NONE);
            refused(source, new Refusal(version, reason, Instant.MAX, now), null, isCheap);
        }
    }

    private void hold(CrlSource source, HeldList list, Instant now) {
        if (source.hold(list, now)) {
            List<RevokedSerials> all =
                    source.held().stream().map(held -> held.crl().revoked()).toList();
            telemetry
                    .crls()
                    .held(
                            source.place().label(),
                            list.crl().thisUpdate(),
                            list.crl().nextUpdate(),
                            all.stream().mapToLong(RevokedSerials::size).sum(),
                            all.stream().mapToLong(RevokedSerials::bytes).sum());
            changed.accept(list);
        }
    }

    private void failed(CrlSource source, String reason, @Nullable Duration retryAfter) {
        source.failed(reason, retryAfter, clock.instant());
        telemetry.crls().failed(source.place().label());
    }

    private void refused(CrlSource source, Refusal refusal, @Nullable X500Principal unknown, boolean soon) {
        source.refused(refusal, unknown, soon, clock.instant());
        telemetry.crls().failed(source.place().label());
        if (unknown != null && !signers.named(unknown).isEmpty()) {
            source.hurry(); // it turned up meanwhile
        }
    }
}
