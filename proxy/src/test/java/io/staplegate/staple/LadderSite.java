package io.staplegate.staple;

import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.fetch.ResponderClient;
import io.staplegate.identity.Identity;
import io.staplegate.testing.FaultyResponder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** A site whose leafs name two responders, with an upstream beside them, and a room that asks them. */
final class LadderSite implements AutoCloseable {
    final TestClock clock = new TestClock(Site.START);
    final Site site;
    final FaultyResponder first;
    final FaultyResponder second;
    final FaultyResponder upstream;
    private final Path state;
    Staples staples;

    LadderSite(Path state) throws IOException {
        site = new Site(clock);
        first = FaultyResponder.start(site.book);
        second = FaultyResponder.start(site.book);
        upstream = FaultyResponder.start(site.book);
        this.state = state;
        staples = room();
    }

    /** Stops the room, and opens another on the same disk. */
    void restart() {
        staples.close();
        staples = room();
    }

    private Staples room() {
        return site.room(state, settings -> settings.upstream(upstream.url()));
    }

    @Override
    public void close() {
        staples.close();
        upstream.close();
        second.close();
        first.close();
        site.close();
    }

    /** Whom a look can ask, in order. */
    List<FaultyResponder> all() {
        return List.of(first, second, upstream);
    }

    Identity identity(String name) {
        return identity(name, List.of(first.url(), second.url()));
    }

    /** An identity of which the leaf alone is stapled, and names these. */
    Identity identity(String name, List<URI> responders) {
        IdentityConfig config = Site.with(Site.config(name), StatusScope.LEAF);
        return site.identity(config, site.leaf(name).responders(responders.toArray(URI[]::new)));
    }

    /** A responder has taken so long for each of many requests. */
    void recently(FaultyResponder responder, Duration took) {
        String name = ResponderClient.hostPort(responder.url());
        IntStream.range(0, 100).forEach(_ -> site.telemetry.responderRequested(name, "ok", took));
    }

    /** What an operator sees of the first certificate. */
    StapleView row() {
        return staples.view().getFirst();
    }

    /** How many looks ended on a rung. */
    double looksOn(String rung) {
        String series = "staplegate_refreshes_by_rung_total{rung=\"" + rung + "\"} ";
        return site.telemetry
                .scrape("text/plain")
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }
}
