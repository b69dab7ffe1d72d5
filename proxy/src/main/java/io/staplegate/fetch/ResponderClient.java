package io.staplegate.fetch;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.staplegate.config.OcspConfig;
import io.staplegate.config.SocketAddress;
import io.staplegate.telemetry.Telemetry;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Asks OCSP responders over HTTP, at most so many at a time in all and each. Safe for use by any virtual thread. */
public final class ResponderClient implements AutoCloseable {
    private static final int MOST_KNOWN_WAYS = 1_000;

    private final HttpClient client;
    private final Telemetry telemetry;
    private final Exchange.Limits limits;
    private final Places places;
    private final Exchange.Turns turns;
    private final Circuits circuits;
    private final InstantSource clock;
    private final TrackRecords records;
    private final Patience patience;
    private final Downloads downloads;
    private final FileDownloads files;
    private final Cache<URI, Way> knownWays;
    private final CountDownLatch closed;

    /** How one request is made: past the HTTP caches or not, and for whom. */
    private record Manner(boolean pastCaches, boolean forDevice) {
        static final Manner USUAL = new Manner(false, false);
        static final Manner PAST_CACHES = new Manner(true, false);
    }

    /** {@code clock}: decides when a responder that is down is probed. */
    public ResponderClient(OcspConfig config, InstantSource clock, Telemetry telemetry) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxy(config.proxy()))
                .executor(Thread::startVirtualThread)
                .build();
        this.telemetry = telemetry;
        this.limits = new Exchange.Limits(config.timeout(), config.retryMax());
        this.places = new Places(config.maxConcurrentFetches(), config.maxConcurrentPerResponder());
        CountDownLatch closed = new CountDownLatch(1);
        this.knownWays = Caffeine.newBuilder().maximumSize(MOST_KNOWN_WAYS).build();
        this.turns =
                new Pacer(config.maxRequestsPerSecond(), System::nanoTime, nanos -> closed.await(nanos, NANOSECONDS));
        this.patience = new Patience(config.timeout(), telemetry);
        this.clock = clock;
        this.records = new TrackRecords();
        this.circuits = new Circuits(clock, telemetry, RandomGenerator.getDefault());
        this.downloads = new Downloads(client, limits, turns);
        this.files =
                new FileDownloads(client, limits, turns, FileDownloads.LARGEST, places(config.maxConcurrentFetches()));
        this.closed = closed;
    }

    /** One that shares all with another but the places, and is not paced. */
    private ResponderClient(ResponderClient other, int inAll) {
        this.client = other.client;
        this.telemetry = other.telemetry;
        this.limits = other.limits;
        this.places = places(inAll);
        this.turns = () -> !isClosed();
        this.clock = other.clock;
        this.records = other.records;
        this.circuits = other.circuits;
        this.patience = other.patience;
        this.downloads = other.downloads;
        this.files = new FileDownloads(client, limits, turns, FileDownloads.LARGEST, places(inAll));
        this.knownWays = other.knownWays;
        this.closed = other.closed;
    }

    /**
     * A client beside this one that has places of its own, so that nobody of the one waits for anybody of the other.
     * What it asks is not spread over time: the places alone limit it, and thus the speed of the responders. What is
     * known of responders is known to both, and both end when either is closed.
     *
     * @param inAll requests at a time, 1 or more, and as many downloads of {@link #files}; a responder, or server, gets
     *     one more than half of them
     */
    public ResponderClient withPlaces(int inAll) {
        return new ResponderClient(this, inAll);
    }

    private static Places places(int inAll) {
        return new Places(inAll, inAll);
    }

    /** Which responders are down: for whoever wants to {@link #fetch} to ask first. */
    public Circuits circuits() {
        return circuits;
    }

    /** The responder is there: see {@link Circuits#answered}. */
    public void answered(URI responder) {
        circuits.answered(responder);
        if (isHttp(responder)) {
            records.answered(hostPort(responder), clock.instant());
        }
    }

    /** The responder answered, with something that is of no use; {@code why}: for people. */
    public void answeredInVain(URI responder, String why) {
        circuits.failed(responder);
        if (isHttp(responder)) {
            records.failed(hostPort(responder), why, clock.instant());
        }
    }

    /** What is known of those that were asked, for operators: by host and port. */
    public List<ResponderView> view() {
        return records.view(circuits.open());
    }

    /** How long to wait for whom. */
    public Patience patience() {
        return patience;
    }

    /** Fetches from the same CAs what is no OCSP response. Ends with this client. */
    public Downloads downloads() {
        return downloads;
    }

    /** The same for what is too large for memory. */
    public FileDownloads files() {
        return files;
    }

    /**
     * Asks one responder: by GET where the whole URL has at most 255 bytes, else by POST (R18), and the other way when
     * the first is refused with a 4xx. Waits for a free place, then for at most {@code ocsp.timeout}. Blocks.
     *
     * <p>A failure has been told to {@link #circuits} when this returns; what a body is worth is for the caller to
     * tell. A request that waits for its place is given up where the responder turns out to be down.
     *
     * @param responder an http or https URL, else the outcome is a failure
     * @param request a DER OCSPRequest
     */
    public Fetched fetch(URI responder, byte[] request) throws InterruptedException {
        return fetch(responder, request, () -> {});
    }

    /** The same. {@code begun} is run when a place is free, and the request goes out. */
    public Fetched fetch(URI responder, byte[] request, Runnable begun) throws InterruptedException {
        return fetch(responder, request, Manner.USUAL, begun);
    }

    /** The same, past the HTTP caches on the way: for when one of them has given an answer of yesterday (R20). */
    public Fetched fetchPastCaches(URI responder, byte[] request, Runnable begun) throws InterruptedException {
        return fetch(responder, request, Manner.PAST_CACHES, begun);
    }

    /**
     * The same, for a device. What it asks is its own choice, and so is what a responder makes of that: only what shows
     * that the responder is in trouble whatever it is asked counts as a failure, lest devices open the circuit that our
     * own staples need. A wish for time holds for 30 seconds at most.
     *
     * @param pastCaches whether to ask past the HTTP caches on the way
     */
    public Fetched fetchForDevice(URI responder, byte[] request, boolean pastCaches) throws InterruptedException {
        return fetch(responder, request, new Manner(pastCaches, true), () -> {});
    }

    private Fetched fetch(URI responder, byte[] request, Manner manner, Runnable begun) throws InterruptedException {
        Failures failures = new Failures(responder);
        if (!isHttp(responder)) {
            return failures.notHttp();
        }
        String hostPort = hostPort(responder);
        long failureBefore = circuits.lastFailure(responder);
        try (Places.Place place = places.take(hostPort)) {
            if (circuits.isOpen(responder) && circuits.lastFailure(responder) != failureBefore) {
                return failures.down();
            }
            if (!turns.await()) {
                return failures.interrupted();
            }
            begun.run();
            long start = System.nanoTime();
            Fetched fetched;
            try {
                fetched = new Exchange(client, responder, request, manner.pastCaches, limits, turns).run(knownWays);
            } catch (InterruptedException e) {
                givenUp(responder, place, Duration.ofNanos(System.nanoTime() - start));
                throw e;
            }
            if (fetched instanceof Fetched.Failure failure) {
                if (isClosed()) {
                    return failures.interrupted();
                }
                tellCircuit(responder, failure, manner);
                records.failed(hostPort, failure.text(), clock.instant());
            }
            patience.ended(responder);
            place.answered(isAnswer(fetched));
            telemetry.responderRequested(hostPort, word(fetched), Duration.ofNanos(System.nanoTime() - start));
            return fetched;
        }
    }

    private void tellCircuit(URI responder, Fetched.Failure failure, Manner manner) {
        if (!manner.forDevice) {
            circuits.failed(responder, failure.retryAfter());
        } else if (failure.unavailable()) {
            circuits.failedDevice(responder, failure.retryAfter());
        }
    }

    /** Counts a request that nobody waits for any more, lest the slow ones be missing among those that took long. */
    private void givenUp(URI responder, Places.Place place, Duration took) {
        boolean lost = patience.wasLost(responder, took); // before this one is among those that it is compared with
        telemetry.responderRequested(hostPort(responder), word(Fetched.Outcome.CANCELLED), took);
        if (lost) {
            place.answered(false);
            circuits.failed(responder, null);
        }
    }

    /** Cancels what is under way: those who wait get a failure with {@link Fetched.Outcome#INTERRUPTED}. */
    @Override
    public void close() {
        closed.countDown();
        client.shutdownNow();
    }

    static boolean isHttp(URI uri) {
        return uri.getHost() != null
                && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Never the JVM's own proxy settings: the configuration says it all. */
    private static ProxySelector proxy(SocketAddress.@Nullable HostPort proxy) {
        return proxy == null
                ? HttpClient.Builder.NO_PROXY
                : ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port()));
    }

    /** What metrics call a responder: its host in lower case, and its port. */
    public static String hostPort(URI responder) {
        int defaultPort = "https".equalsIgnoreCase(responder.getScheme()) ? 443 : 80;
        int port = responder.getPort() < 0 ? defaultPort : responder.getPort();
        return responder.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    private static boolean isAnswer(Fetched fetched) {
        return switch (fetched) {
            case Fetched.Body _ -> true;
            case Fetched.Failure failure -> failure.outcome() == Fetched.Outcome.HTTP_STATUS;
        };
    }

    private static String word(Fetched fetched) {
        return word(
                switch (fetched) {
                    case Fetched.Body _ -> Fetched.Outcome.OK;
                    case Fetched.Failure failure -> failure.outcome();
                });
    }

    private static String word(Fetched.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }
}
