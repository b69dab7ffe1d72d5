package io.staplegate.relay;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.staplegate.config.BackendConfig;
import io.staplegate.config.SocketAddress;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.config.SocketAddress.UnixPath;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The addresses of a backend, one after another: in their order, each name resolved anew when its turn comes, each of a
 * name's addresses in turn. Owned by one event loop, which it never blocks.
 */
final class BackendAddresses {
    /** What knows the addresses of names; it may block. */
    interface NameLookup {
        InetAddress[] lookUp(String name) throws UnknownHostException;
    }

    /** What comes next. */
    sealed interface Step {}

    record Inet(InetSocketAddress address) implements Step {}

    record Unix(Path path) implements Step {}

    /** A name that has no address, or none in time. */
    record Unresolved(Throwable cause) implements Step {}

    /** There are no more. */
    record End() implements Step {}

    private final NameLookup names;
    private final EventLoop eventLoop;
    private final int timeoutMillis;
    private final Iterator<SocketAddress> configured;
    private Iterator<Step> resolved = Collections.emptyIterator();

    BackendAddresses(BackendConfig backend, NameLookup names, EventLoop eventLoop) {
        this.names = names;
        this.eventLoop = eventLoop;
        this.timeoutMillis = timeoutMillis(backend);
        this.configured = backend.address().iterator();
    }

    /** The configured limit for each address, as Netty takes it. */
    static int timeoutMillis(BackendConfig backend) {
        return Math.clamp(backend.connectTimeout().toMillis(), 1, Integer.MAX_VALUE);
    }

    /** Hands over the next step: at once, but for a name, which takes as long as its lookup. One at a time. */
    void next(Consumer<Step> taker) {
        if (resolved.hasNext()) {
            taker.accept(resolved.next());
        } else if (!configured.hasNext()) {
            taker.accept(new End());
        } else {
            switch (configured.next()) {
                case HostPort name -> resolve(name, taker);
                case UnixPath(var path) -> taker.accept(new Unix(path));
            }
        }
    }

    private void resolve(HostPort name, Consumer<Step> taker) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(name.host());
        if (literal != null) {
            taker.accept(new Inet(new InetSocketAddress(literal, name.port())));
            return;
        }
        Promise<InetAddress[]> addresses = eventLoop.newPromise();
        Future<?> timeout = eventLoop.schedule(
                () -> addresses.tryFailure(new UnknownHostException(name + ": no answer from the name service")),
                timeoutMillis,
                TimeUnit.MILLISECONDS);
        addresses.addListener(done -> {
            timeout.cancel(false);
            if (!done.isSuccess()) {
                taker.accept(new Unresolved(done.cause()));
                return;
            }
            resolved = Arrays.stream(addresses.getNow())
                    .<Step>map(address -> new Inet(new InetSocketAddress(address, name.port())))
                    .iterator();
            next(taker);
        });
        Thread.ofVirtual().name("resolve " + name.host()).start(() -> lookUp(name.host(), addresses));
    }

    /** Blocks, so it has a thread of its own. */
    private void lookUp(String host, Promise<InetAddress[]> addresses) {
        try {
            addresses.trySuccess(names.lookUp(host));
        } catch (UnknownHostException e) {
            addresses.tryFailure(e);
        }
    }
}
