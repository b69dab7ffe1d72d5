package io.staplegate.device;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One session of a device that was let in. */
final class Session implements Gate.Stay {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    private final ListenerGate gate;
    private final Attendance attendance;
    private final Device device;
    private final Consumer<Judgement> leave;
    private final AtomicBoolean over = new AtomicBoolean();

    Session(ListenerGate gate, Attendance attendance, Device device, Consumer<Judgement> leave) {
        this.gate = gate;
        this.attendance = attendance;
        this.device = device;
        this.leave = leave;
    }

    ListenerGate gate() {
        return gate;
    }

    Device device() {
        return device;
    }

    /** Tells the device to leave, once. Whatever comes of that is no matter for others. */
    void expel(Standing standing) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        attendance.left(this);
        gate.cutOff(device.papers(), standing);
        try {
            leave.accept(Judgement.of(standing.outcome()));
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("session of a device that must leave cannot be ended");
        }
    }

    @Override
    public void close() {
        if (over.compareAndSet(false, true)) {
            attendance.left(this);
        }
    }
}
