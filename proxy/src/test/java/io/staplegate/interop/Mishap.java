package io.staplegate.interop;

import io.staplegate.testing.LossyRelay.Direction;
import io.staplegate.testing.LossyRelay.Fate;
import io.staplegate.testing.LossyRelay.Weather;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bouncycastle.tls.ContentType;

/** What befalls a handshake: some of its datagrams have a fate, the others pass. */
record Mishap(Map<Place, Fate> fates) implements Weather {
    /** A datagram of a handshake. */
    record Place(Direction direction, int number) {
        @Override
        public String toString() {
            return (direction == Direction.TO_PROXY ? "↑" : "↓") + number;
        }
    }

    /** Each datagram lost, each overtaken by the next, each doubled, and each pair lost. */
    static List<Mishap> ofEachKind(List<Place> handshake) {
        List<Mishap> all = new ArrayList<>();
        for (Place one : handshake) {
            Stream.of(Fate.LOSE, Fate.OVERTAKEN, Fate.DOUBLE)
                    .map(fate -> new Mishap(Map.of(one, fate)))
                    .forEach(all::add);
            for (Place other : handshake.subList(handshake.indexOf(one) + 1, handshake.size())) {
                all.add(new Mishap(Map.of(one, Fate.LOSE, other, Fate.LOSE)));
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return fates.toString();
    }

    /** Whether a datagram begins with a record of a handshake (RFC 5246 §6.2.1). */
    static boolean isHandshake(byte[] datagram) {
        return datagram[0] == ContentType.handshake || datagram[0] == ContentType.change_cipher_spec;
    }

    @Override
    public Fate fate(Direction direction, int number, byte[] datagram) {
        return isHandshake(datagram) ? fates.getOrDefault(new Place(direction, number), Fate.PASS) : Fate.PASS;
    }
}
