package io.staplegate.mirror;

import io.staplegate.config.MirrorConfig;
import io.staplegate.device.Answers;
import io.staplegate.device.RevocationLists;
import io.staplegate.net.Transport;
import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspAnswer;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The mirror's port. */
public final class MirrorServer implements AutoCloseable {

    /** What requests are answered from. {@code own}: about our own certificates; null where nothing is valid. */
    public record Sources(
            Function<CertId, @Nullable OcspAnswer> own, Answers others, RevocationLists lists, InstantSource clock) {}

    private MirrorServer() {}

    /**
     * Binds the port.
     *
     * @throws IOException when the address cannot be bound; the message names it
     */
    public static MirrorServer open(MirrorConfig config, Sources sources, Transport transport, Telemetry telemetry)
            throws IOException {
        throw new IOException("not built");
    }

    /** The port that is bound: of interest where the configuration said 0. */
    public int port() {
        return 0;
    }

    @Override
    public void close() {}
}
