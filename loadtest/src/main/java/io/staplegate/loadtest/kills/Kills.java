package io.staplegate.loadtest.kills;

import io.staplegate.demo.StatusBook;
import io.staplegate.loadtest.server.ProxyProcess;
import io.staplegate.loadtest.site.Arrivals;
import io.staplegate.loadtest.site.BookAnswers;
import io.staplegate.loadtest.site.SiteDevices;
import io.staplegate.loadtest.site.SiteDevices.Outcome;
import io.staplegate.loadtest.site.Sites;
import io.staplegate.loadtest.site.SwitchedResponder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A proxy that is killed again and again while it refreshes as fast as it can. Runs once. */
public final class Kills implements AutoCloseable {
    private static final Duration VALIDITY = Duration.ofHours(6);

    /** A kill comes at most so long after the first refresh. */
    private static final Duration LATEST = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final String HALF_WRITTEN = ".tmp";
    private static final String WRITTEN = ".ocsp";

    private final int kills;
    private final long seed;
    private final Random random;
    private final Path folder;
    private final Path state;
    private final Arrivals arrivals = new Arrivals();
    private final SwitchedResponder responder;
    private final Sites sites;
    private final Instant[] newest;
    private final Map<String, Long> failures = new TreeMap<>();
    private int interrupted;
    private long leftovers;
    private long stapled;
    private long bare;
    private long older;

    /**
     * Issues the certificates.
     *
     * @param seed of the moments of the kills
     * @param folder for files, the proxy's own among them
     */
    public Kills(int kills, int count, long seed, Path folder) throws IOException {
        this.kills = kills;
        this.seed = seed;
        this.random = new Random(seed);
        this.folder = folder;
        this.state = folder.resolve("state");
        InstantSource clock = InstantSource.system();
        StatusBook book = new StatusBook(VALIDITY, clock);
        this.responder = new SwitchedResponder(new BookAnswers(book, arrivals));
        this.sites = Sites.issue(folder, count, clock.instant(), List.of(responder.url()));
        book.open(sites.authority());
        this.newest = new Instant[count];
        Arrays.fill(newest, Instant.MIN);
        Files.writeString(folder.resolve("staplegate.yaml"), sites.configuration() + """
                backends: [{ name: echo, address: "127.0.0.1:9" }]
                ocsp: { maxRequestsPerSecond: 1000, maxAge: 500ms, minInterval: 200ms }
                state: { directory: state }
                admin: { bind: "127.0.0.1:0" }
                """);
    }

    /** Kills so many times, and looks each time at what is left. */
    public KillsReport run() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        responder.bringUp();
        try (ProxyProcess proxy = start()) {
            awaitFiles();
            killAtRandom(proxy);
        }
        for (int killed = 1; killed <= kills; killed++) {
            interrupted += files(HALF_WRITTEN) > 0 ? 1 : 0;
            responder.takeDown();
            try (ProxyProcess proxy = start()) {
                meetAll(proxy);
                leftovers += files(HALF_WRITTEN);
                if (killed < kills) {
                    responder.bringUp();
                    refresh(proxy);
                    killAtRandom(proxy);
                }
            }
        }
        double took = (System.nanoTime() - begin) / 1e9;
        return new KillsReport(
                kills,
                sites.count(),
                arrivals.count(),
                interrupted,
                leftovers,
                stapled,
                bare,
                older,
                failures,
                seed,
                took);
    }

    private ProxyProcess start() throws IOException {
        return ProxyProcess.start(folder.resolve("staplegate.yaml"), folder.resolve("proxy.log"));
    }

    /** Until there is a file for each site. */
    private void awaitFiles() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (files(WRITTEN) < sites.count()) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IOException("no file for each of " + sites.count() + " staples within " + PATIENCE);
            }
            pause(LOOK);
        }
    }

    private long files(String suffix) throws IOException {
        try (Stream<Path> files = Files.exists(state) ? Files.list(state) : Stream.empty()) {
            return files.filter(file -> file.toString().endsWith(suffix)).count();
        }
    }

    /** The responder is back, and an operator says so: what is due is fetched at once, and again and again. */
    private void refresh(ProxyProcess proxy) throws InterruptedException {
        int before = arrivals.count();
        HttpRequest request = HttpRequest.newBuilder(proxy.admin("/refresh"))
                .POST(BodyPublishers.noBody())
                .build();
        Thread.ofVirtual().start(() -> {
            try (HttpClient client = HttpClient.newHttpClient()) {
                client.send(request, BodyHandlers.discarding());
            } catch (IOException | InterruptedException e) {
                // killed
            }
        });
        long begin = System.nanoTime();
        while (arrivals.count() == before && System.nanoTime() - begin < PATIENCE.toNanos()) {
            pause(LOOK);
        }
    }

    private void killAtRandom(ProxyProcess proxy) throws InterruptedException {
        pause(Duration.ofMillis(random.nextLong(LATEST.toMillis())));
        proxy.close();
    }

    private void meetAll(ProxyProcess proxy) {
        SiteDevices devices = new SiteDevices(sites, proxy.tls(), InstantSource.system());
        for (int site = 0; site < sites.count(); site++) {
            switch (devices.meet(site)) {
                case Outcome.Stapled staple -> {
                    stapled++;
                    older += staple.thisUpdate().isBefore(newest[site]) ? 1 : 0;
                    newest[site] = staple.thisUpdate();
                }
                case Outcome.Bare _ -> bare++;
                case Outcome.Failed(String reason) -> failures.merge(reason, 1L, Long::sum);
            }
        }
    }

    private static void pause(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() throws IOException {
        responder.close();
    }
}
