package io.staplegate.app;

import io.staplegate.config.Configuration;
import io.staplegate.config.MirrorConfig;
import io.staplegate.device.Answers;
import io.staplegate.device.Issuer;
import io.staplegate.device.RevocationLists;
import io.staplegate.fetch.ClockGuard;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.mirror.MirrorServer;
import io.staplegate.net.Transport;
import io.staplegate.staple.Staples;
import io.staplegate.telemetry.Telemetry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The mirror's port, and what it answers from beside the staples. */
final class Mirror implements AutoCloseable {
    private final Answers answers;
    private final RevocationLists lists;
    private final MirrorServer server;

    private Mirror(Answers answers, RevocationLists lists, MirrorServer server) {
        this.answers = answers;
        this.lists = lists;
        this.server = server;
    }

    /**
     * Binds the port. Nobody is answered before {@link #serve}.
     *
     * @param config that of {@code configuration}
     * @throws IOException when the address cannot be bound; the message names it
     */
    static Mirror open(
            MirrorConfig config,
            Configuration configuration,
            Staples staples,
            ResponderClient client,
            ClockGuard clock,
            Transport transport,
            Telemetry telemetry)
            throws IOException {
        Answers answers = new Answers(configuration, client, clock, staples::contradicts, telemetry);
        RevocationLists lists = new RevocationLists(configuration, client, clock, telemetry);
        try {
            var sources = new MirrorServer.Sources(staples::answer, answers, lists, clock);
            Duration timeout = configuration.ocsp().timeout();
            return new Mirror(answers, lists, MirrorServer.open(config, sources, timeout, transport, telemetry));
        } catch (IOException e) {
            lists.close();
            answers.close();
            throw e;
        }
    }

    /** Answers for the CAs of a configuration, and for no others, from now on. */
    void answerFor(Inspection.Accepted inForce) {
        List<Issuer> issuers = MirrorIssuers.of(inForce.configuration(), inForce.identities());
        answers.serve(issuers);
        lists.serve(issuers);
    }

    /** Lets clients in. */
    void serve() {
        server.serve();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        lists.close();
        answers.close();
    }
}
