package io.staplegate.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration file.
 *
 * @param identities certificates and how they are stapled
 * @param backends servers behind the proxy
 * @param listeners ports that devices connect to; none: the proxy only fetches and exports staples
 * @param ocsp how responders are asked
 * @param devices what holds for the devices of all listeners
 * @param state where staples outlive a restart
 * @param mirror the in-network OCSP responder; absent: none
 * @param admin the operator's endpoint
 * @param accessLog one line per session
 * @param log what is written to standard error
 * @param shutdown how the proxy stops
 */
public record Configuration(
        @OneOrMore List<IdentityConfig> identities,
        List<BackendConfig> backends,
        List<ListenerConfig> listeners,
        OcspConfig ocsp,
        DevicesConfig devices,
        State state,
        @Nullable MirrorConfig mirror,
        Admin admin,
        AccessLogConfig accessLog,
        LogConfig log,
        Shutdown shutdown) {

    /** Where staples are kept on disk. */
    public record State(@Default("/var/lib/staplegate") Path directory) {}

    /**
     * The operator's HTTP endpoint.
     *
     * @param bind where it is; where other machines reach it, one of the next two must keep strangers out
     * @param tokenFile holds the token that operators show; absent: there is none
     * @param tls absent: plain HTTP
     */
    public record Admin(
            @Default("127.0.0.1:9464") SocketAddress bind,
            @Nullable FileReference tokenFile,
            @Nullable AdminTlsConfig tls) {}

    /**
     * How the proxy stops.
     *
     * @param drainTimeout how long sessions may go on after SIGTERM before they are closed
     */
    public record Shutdown(
            @Default("10s") @Range(min = "0s") Duration drainTimeout) {}
}
