package io.staplegate.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.staplegate.config.SocketAddress;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.config.SocketAddress.UnixPath;
import io.staplegate.net.Transport;
import io.staplegate.relay.BackendAddresses.NameLookup;
import io.staplegate.testing.BlackHole;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Which address of a backend is connected to. */
@ParameterizedClass
@EnumSource(Transport.Kind.class)
final class BackendConnectorTest {
    private static final NameLookup NO_NAMES = name -> {
        throw new UnknownHostException(name + ": unknown here");
    };

    @Parameter
    Transport.Kind kind = Transport.Kind.NIO;

    private Transport transport;
    private TestBackend backend;

    @BeforeEach
    void open() throws Exception {
        transport = Transport.open(1, kind);
        backend = TestBackend.echo();
    }

    @AfterEach
    void close() {
        transport.close();
        backend.close();
    }

    @Test
    void anAddressThatRefusesIsPassedOver() throws Exception {
        assertThat(port(connect(NO_NAMES, refusing(), backend.address()))).isEqualTo(backend.port());
    }

    @Test
    void anAddressThatDoesNotAnswerIsGivenUpInTime() throws Exception {
        try (BlackHole silent = new BlackHole()) {
            assertThat(port(connect(NO_NAMES, silent.address(), backend.address())))
                    .isEqualTo(backend.port());
        }
    }

    @Test
    void anUnknownNameIsPassedOver() throws Exception {
        assertThat(port(connect(NO_NAMES, new HostPort("broker.invalid", 1883), backend.address())))
                .isEqualTo(backend.port());
    }

    @Test
    void aNameLookupThatDoesNotAnswerIsGivenUpInTime() throws Exception {
        var never = new CountDownLatch(1);
        NameLookup silent = name -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(name);
        };
        assertThat(port(connect(silent, new HostPort("broker.invalid", 1883), backend.address())))
                .isEqualTo(backend.port());
        never.countDown();
    }

    @Test
    void everyAddressOfANameIsTried() throws Exception {
        InetAddress closed = InetAddress.ofLiteral("127.0.0.2");
        InetAddress open = InetAddress.ofLiteral("127.0.0.1");
        NameLookup two = name -> new InetAddress[] {closed, open};
        assertThat(port(connect(two, new HostPort("broker.example", backend.port()))))
                .isEqualTo(backend.port());
    }

    @Test
    void aNameIsResolvedForEachConnection() throws Exception {
        var asked = new AtomicInteger();
        NameLookup counting = name -> {
            asked.incrementAndGet();
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
        BackendConnector connector = connector(counting, new HostPort("broker.example", backend.port()));
        connect(connector);
        connect(connector);
        assertThat(asked).hasValue(2);
    }

    @Test
    void unixSocketsAreConnectedTo(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("broker.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Channel channel = connect(NO_NAMES, new UnixPath(folder.resolve("absent.sock")), new UnixPath(path));
            assertThat(channel.isActive()).isTrue();
        }
    }

    @Test
    void theFailureTellsOfEveryAttempt() throws Exception {
        HostPort refusing = refusing();
        assertThatThrownBy(() -> connect(NO_NAMES, refusing, new HostPort("broker.invalid", 1883)))
                .cause()
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("refused")
                .hasMessageContaining(String.valueOf(refusing.port()))
                .hasMessageContaining("broker.invalid: unknown here");
    }

    @Test
    void cancellingEndsTheAttempts() throws Exception {
        try (BlackHole silent = new BlackHole()) {
            var later = new AtomicInteger();
            NameLookup counting = name -> {
                later.incrementAndGet();
                return new InetAddress[] {InetAddress.getLoopbackAddress()};
            };
            BackendConnector connector =
                    connector(counting, silent.address(), silent.address(), new HostPort("broker.example", 1));
            start(connector).cancel(false);
            assertThat(port(connect(NO_NAMES, silent.address(), silent.address(), backend.address())))
                    .as("the other one would have been through by now")
                    .isEqualTo(backend.port());
            assertThat(later).hasValue(0);
        }
    }

    private static HostPort refusing() throws Exception {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new HostPort("127.0.0.1", closed.getLocalPort());
        }
    }

    private BackendConnector connector(NameLookup names, SocketAddress... addresses) {
        return new BackendConnector(RelayFixture.backend(addresses), transport, names);
    }

    private Channel connect(NameLookup names, SocketAddress... addresses) throws Exception {
        return connect(connector(names, addresses));
    }

    private Channel connect(BackendConnector connector) throws Exception {
        return start(connector).get(10, TimeUnit.SECONDS);
    }

    /** Starts on an event loop, as a session does. */
    private Promise<Channel> start(BackendConnector connector) throws Exception {
        EventLoop loop = transport.eventLoops().next();
        var started = new CompletableFuture<Promise<Channel>>();
        loop.execute(() -> started.complete(connector.connect(loop, ChannelInboundHandlerAdapter::new)));
        return started.get(10, TimeUnit.SECONDS);
    }

    private static int port(Channel channel) {
        return ((InetSocketAddress) channel.remoteAddress()).getPort();
    }
}
