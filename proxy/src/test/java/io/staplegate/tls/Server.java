package io.staplegate.tls;

import io.netty.channel.ChannelHandler;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.SocketAddress;
import io.staplegate.handshake.CryptoProvider;
import io.staplegate.handshake.Handshakes;
import io.staplegate.handshake.KeyLog;
import io.staplegate.handshake.Site;
import io.staplegate.identity.Identity;
import io.staplegate.identity.ServerNames;
import io.staplegate.net.Transport;
import io.staplegate.relay.SessionFacts;
import io.staplegate.staple.ChainStaples;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.testing.DtlsDefaults;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCrypto;
import org.jspecify.annotations.Nullable;

/** A listener for tests, with knobs, on a free port of the loopback. */
final class Server implements AutoCloseable {
    final Queue<SessionFacts> facts = new ConcurrentLinkedQueue<>();
    final Telemetry telemetry = new Telemetry(InstantSource.system());
    final Map<Identity, ChainStaples> staples = new ConcurrentHashMap<>();

    private List<Site> sites;
    private boolean strict;
    private List<String> alpn = List.of();
    private Duration timeout = Duration.ofSeconds(10);
    private int most = 1000;
    private int mostPerSource;
    private int port;
    private KeyLog keyLog;
    private JcaTlsCrypto crypto = CryptoProvider.crypto();
    private Supplier<ChannelHandler> sessions = () -> new Echo(facts);
    private @Nullable Transport transport;
    private @Nullable TlsListener listener;

    Server(Site... sites) throws IOException {
        this.sites = List.of(sites);
        this.keyLog = KeyLog.open(null);
        for (Site site : sites) {
            staples.put(site.identity(), site.chainStaples());
        }
    }

    Server strict() {
        strict = true;
        return this;
    }

    Server alpn(String... protocols) {
        alpn = List.of(protocols);
        return this;
    }

    Server port(int number) {
        port = number;
        return this;
    }

    Server timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    Server limits(int connections, int perSource) {
        most = connections;
        mostPerSource = perSource;
        return this;
    }

    Server keyLog(KeyLog log) {
        keyLog = log;
        return this;
    }

    Server crypto(JcaTlsCrypto other) {
        crypto = other;
        return this;
    }

    Server sessions(Supplier<ChannelHandler> other) {
        sessions = other;
        return this;
    }

    Handshakes handshakes() {
        ServerNames names = ServerNames.of(sites.stream().map(Site::identity).toList(), strict);
        return new Handshakes(crypto, alpn, () -> names, staples::get, keyLog, InstantSource.system());
    }

    Server open() throws IOException {
        Transport transport = Transport.open(1);
        this.transport = transport;
        ListenerConfig config = new ListenerConfig(
                "test",
                new SocketAddress.HostPort("127.0.0.1", port),
                ListenerConfig.Protocol.TLS,
                List.of(),
                "none",
                strict,
                alpn,
                timeout,
                null,
                most,
                mostPerSource,
                null,
                DtlsDefaults.DTLS);
        listener = TlsListener.open(config, handshakes(), sessions, null, transport, telemetry);
        listener.serve();
        return this;
    }

    int port() {
        return listener().port();
    }

    /** A connection on which nothing has been said yet. */
    Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port());
    }

    TlsListener listener() {
        return Objects.requireNonNull(listener);
    }

    /** How many handshakes have ended in one way. */
    double ended(String outcome, String version) {
        return metric("staplegate_handshakes_total{listener=\"test\",outcome=\"%s\",version=\"%s\"}"
                .formatted(outcome, version));
    }

    /** The value of a counter or gauge, by the beginning of its line in the exposition. */
    double metric(String series) {
        return telemetry
                .scrape("text/plain; version=0.0.4")
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no series " + series));
    }

    @Override
    public void close() throws IOException {
        if (listener != null) {
            listener.stopAccepting();
        }
        if (transport != null) {
            transport.close();
        }
        keyLog.close();
    }
}
