package io.staplegate.dtls;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One direction of a path in memory: remembers what was sent, and does to it what a test says. */
final class LossyPath implements Consumer<byte[]> {
    /** What becomes of the n-th datagram, counted from 0. */
    interface Fate {
        List<byte[]> of(int number, byte[] datagram);
    }

    private final List<byte[]> sent = new ArrayList<>();
    private final Consumer<byte[]> destination;
    private final Fate fate;

    LossyPath(Fate fate, Consumer<byte[]> destination) {
        this.fate = fate;
        this.destination = destination;
    }

    static Fate faithful() {
        return (_, datagram) -> List.of(datagram);
    }

    /** Loses the datagrams of these numbers. */
    static Fate losing(Integer... numbers) {
        List<Integer> lost = List.of(numbers);
        return (number, datagram) -> lost.contains(number) ? List.of() : List.of(datagram);
    }

    static Fate doubling() {
        return (_, datagram) -> List.of(datagram, datagram.clone());
    }

    /** Keeps the datagram of this number until the next one has gone. */
    static Fate swapping(int position) {
        List<byte[]> kept = new ArrayList<>();
        return (number, datagram) -> {
            if (number == position) {
                kept.add(datagram);
                return List.of();
            }
            List<byte[]> now = new ArrayList<>(List.of(datagram));
            now.addAll(kept);
            kept.clear();
            return now;
        };
    }

    @Override
    public synchronized void accept(byte[] datagram) {
        int number = sent.size();
        sent.add(datagram.clone());
        fate.of(number, datagram).forEach(destination);
    }

    /** Every datagram that was sent, whatever became of it. */
    synchronized List<byte[]> sent() {
        return List.copyOf(sent);
    }
}
