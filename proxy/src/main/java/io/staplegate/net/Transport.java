package io.staplegate.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;

/** The event loops of the process, and the channel classes that go with them. */
public final class Transport implements AutoCloseable {
    /** Native epoll where it loads, else NIO. {@code threads}: 0 for one a core. */
    public static Transport open(int threads) {
        throw new UnsupportedOperationException(String.valueOf(threads));
    }

    public EventLoopGroup eventLoops() {
        throw new UnsupportedOperationException();
    }

    /** Listens on TCP. */
    public Class<? extends ServerChannel> tcpServer() {
        throw new UnsupportedOperationException();
    }

    /** Connects over TCP. */
    public Class<? extends Channel> tcpClient() {
        throw new UnsupportedOperationException();
    }

    /** Connects to a Unix domain socket. */
    public Class<? extends Channel> unixClient() {
        throw new UnsupportedOperationException();
    }

    /** Ends every event loop, and waits for that. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
