package io.staplegate.app;

import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The operating system's signals to this process, heard until {@link #close}.
 *
 * <p>The JDK has no supported API for signals. javac warns of every use of {@code sun.misc.Signal}, with no way to
 * suppress it, so it is reached by reflection here and nowhere else.
 */
final class Signals implements AutoCloseable {
    private final Deque<Runnable> undo = new ArrayDeque<>();

    /** Runs an action, on a thread of its own, each time a signal comes. {@code name} is without {@code SIG}. */
    Signals on(String name, Runnable action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Method handle = signalType.getMethod("handle", signalType, handlerType);
            var run = MethodHandles.lookup().bind(action, "run", MethodType.methodType(void.class));
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            Object handler = MethodHandleProxies.asInterfaceInstance(
                    handlerType, MethodHandles.dropArguments(run, 0, signalType));
            Object before = handle.invoke(null, signal, handler);
            undo.push(() -> restore(handle, signal, before));
            return this;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM does not deliver SIG" + name, e);
        }
    }

    @Override
    public void close() {
        undo.forEach(Runnable::run);
        undo.clear();
    }

    private static void restore(Method handle, Object signal, Object before) {
        try {
            handle.invoke(null, signal, before);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot restore the handler of " + signal, e);
        }
    }
}
