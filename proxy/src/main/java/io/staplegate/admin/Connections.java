package io.staplegate.admin;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the endpoint: so many at most. Where all are taken, the oldest that has not made its request makes
 * room for the newcomer, so that those who say nothing do not keep probes out. Safe for use by any thread.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final int most;
    private final ChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final Set<Channel> silent = new LinkedHashSet<>();

    Connections(int most) {
        this.most = most;
    }

    /** Whether there is room for it; where there is none, since all others are at work, it is closed. */
    boolean admit(Channel connection) {
        Channel loser = add(connection);
        if (loser != null) {
            LOG.atWarn()
                    .addKeyValue("source", loser.remoteAddress())
                    .log("admin connection closed: there are too many");
            var _ = loser.close();
        }
        return !connection.equals(loser);
    }

    private synchronized @Nullable Channel add(Channel connection) {
        boolean isFull = all.size() >= most;
        Channel oldest = silent.isEmpty() ? null : silent.iterator().next();
        if (isFull && oldest == null) {
            return connection;
        }
        all.add(connection);
        silent.add(connection);
        connection.closeFuture().addListener(closed -> hasAsked(connection));
        if (!isFull) {
            return null;
        }
        silent.remove(oldest);
        return oldest;
    }

    /** Its request is there: it is worth waiting for. */
    synchronized void hasAsked(Channel connection) {
        silent.remove(connection);
    }

    /** Closes all. */
    void close() {
        all.close().awaitUninterruptibly();
    }
}
