package io.staplegate.admin;

import io.staplegate.device.DeviceView;
import io.staplegate.relay.SessionBook;
import io.staplegate.staple.Imported;
import io.staplegate.staple.PortableResponse;
import io.staplegate.staple.StapleView;
import io.staplegate.staple.Staples;
import io.staplegate.telemetry.Telemetry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the pages show and set off.
 *
 * @param view the rows of the staples view
 * @param refresh fetches now, and returns when that has ended
 * @param take takes one response in that was carried here, and says what came of it
 * @param export the responses that can be carried elsewhere
 * @param devices what is known of devices
 * @param sessions those that are open
 * @param reload has the files read again
 * @param ready what {@code /readyz} answers
 * @param telemetry what {@code /metrics} answers
 * @param clock what {@code Date} says: the one that the staples are judged by
 */
public record Desk(
        Supplier<List<StapleView>> view,
        Refresh refresh,
        Take take,
        Supplier<List<PortableResponse>> export,
        Supplier<List<DeviceView>> devices,
        SessionBook sessions,
        Reload reload,
        BooleanSupplier ready,
        Telemetry telemetry,
        InstantSource clock) {

    /** Fetches the staples of one identity, or of all for null; says whether it exists. */
    @FunctionalInterface
    public interface Refresh {
        boolean of(@Nullable String identity) throws InterruptedException;
    }

    /** Takes one response in, and the time since when it is in a file; null: not known. */
    @FunctionalInterface
    public interface Take {
        List<Imported> of(byte[] response, @Nullable Instant since);
    }

    /** Has the files read again. Done when a reload has ended that began afterwards; cancelled at the stop. */
    @FunctionalInterface
    public interface Reload {
        CompletableFuture<ReloadReport> begin();
    }

    /** A desk for a proxy. */
    public static Desk of(
            Staples staples,
            Supplier<List<DeviceView>> devices,
            SessionBook sessions,
            Reload reload,
            BooleanSupplier ready,
            Telemetry telemetry,
            InstantSource clock) {
        return new Desk(
                staples::view,
                staples::refresh,
                staples::importResponse,
                staples::export,
                devices,
                sessions,
                reload,
                ready,
                telemetry,
                clock);
    }
}
