package io.staplegate.loadtest.udp;

import io.staplegate.loadtest.udp.DatagramPath.Direction;
import io.staplegate.loadtest.udp.DatagramPath.Gate;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Loses a share of the datagrams that go each way, the same ones for the same seed. */
public final class RandomLoss implements Gate {
    private final double share;
    private final Map<Direction, SplittableRandom> dice = new EnumMap<>(Direction.class);

    /** {@code share}: from 0, none, to 1, all. */
    public RandomLoss(double share, long seed) {
        this.share = share;
        SplittableRandom first = new SplittableRandom(seed);
        for (Direction direction : Direction.values()) {
            dice.put(direction, first.split());
        }
    }

    @Override
    public boolean passes(Direction direction, byte[] datagram) {
        return dice.get(direction).nextDouble() >= share;
    }
}
