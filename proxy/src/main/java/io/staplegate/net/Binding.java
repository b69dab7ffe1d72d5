package io.staplegate.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;

/** A socket on its way to a local address. */
public final class Binding {
    private Binding() {}

    /**
     * Waits until it is bound.
     *
     * @param address what it is bound to, as the configuration has it
     * @throws IOException when it cannot be bound; the message names the address
     */
    public static Channel await(ChannelFuture binding, Object address) throws IOException {
        binding.awaitUninterruptibly();
        if (binding.isSuccess()) {
            return binding.channel();
        }
        String reason = binding.cause() instanceof UnresolvedAddressException
                ? "the name does not resolve"
                : binding.cause().getMessage();
        throw new IOException("cannot listen on " + address + ": " + reason, binding.cause());
    }
}
