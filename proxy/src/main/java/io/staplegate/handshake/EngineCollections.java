package io.staplegate.handshake;

import java.util.Collection;
import java.util.Hashtable;
import java.util.Vector;

/** The collections of Java 1.0 that Bouncy Castle's engine has in its interface, with types. */
@SuppressWarnings({"JdkObsolete", "rawtypes", "unchecked"}) // the engine takes and gives nothing else
final class EngineCollections {
    private EngineCollections() {}

    static Hashtable<Integer, byte[]> noExtensions() {
        return new Hashtable<>();
    }

    static Hashtable<Integer, byte[]> copy(Hashtable extensions) {
        return new Hashtable<Integer, byte[]>(extensions);
    }

    static Hashtable<Integer, byte[]> without(Collection<Integer> numbers, Hashtable extensions) {
        Hashtable<Integer, byte[]> others = copy(extensions);
        numbers.forEach(others::remove);
        return others;
    }

    static Hashtable<Integer, byte[]> extension(Integer number, byte[] data) {
        Hashtable<Integer, byte[]> extensions = new Hashtable<>();
        extensions.put(number, data);
        return extensions;
    }

    static <T> Vector<T> vector(Collection<? extends T> elements) {
        return new Vector<>(elements);
    }
}
