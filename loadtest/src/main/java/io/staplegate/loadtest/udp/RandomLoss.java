package io.staplegate.loadtest.udp;

import io.staplegate.loadtest.udp.DatagramPath.Direction;
import io.staplegate.loadtest.udp.DatagramPath.Gate;
import java.util.SplittableRandom;

/** Loses a share of the datagrams that go each way, the same ones for the same seed. */
public final class RandomLoss implements Gate {
    private final double share;
    private final SplittableRandom toServer;
    private final SplittableRandom toDevice;

    /** {@code share}: from 0, none, to 1, all. */
    public RandomLoss(double share, long seed) {
        this.share = share;
        this.toServer = new SplittableRandom(seed);
        this.toDevice = toServer.split();
    }

    @Override
    public boolean passes(Direction direction, byte[] datagram) {
        return (direction == Direction.TO_SERVER ? toServer : toDevice).nextDouble() >= share;
    }
}
