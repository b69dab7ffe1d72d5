package io.staplegate.dtls;

import io.staplegate.device.Gate;
import io.staplegate.device.Judgement;
import io.staplegate.dtls.CookieGate.Verified;
import io.staplegate.handshake.FatalAlerts;
import io.staplegate.handshake.HandshakeFailures;
import io.staplegate.handshake.HandshakeResult;
import io.staplegate.identity.DevicePath;
import io.staplegate.net.ConnectionLimits.Limit;
import io.staplegate.telemetry.DatagramDrop;
import io.staplegate.telemetry.Telemetry;
import io.staplegate.telemetry.Telemetry.HandshakeOutcome;
import io.staplegate.telemetry.Telemetry.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handshakes that go on on one event loop, and who may begin another. Owned by the loop. */
final class PendingHandshakes {
    private static final Logger LOG = LoggerFactory.getLogger(PendingHandshakes.class);

    private final ListenerScope scope;
    private final LoopSocket socket;
    private final ConnectionIds<Route> ids;
    private final SessionTable sessions;
    private final Telemetry telemetry;
    private final HandshakeFailures failures;
    /** A device that has been silent for this long has lost two flights, or has gone: its place may be taken. */
    private final Duration patience;
    /** Who has been silent for longest comes first. */
    private final Map<InetSocketAddress, PendingHandshake> bySilence = newBySilence();
    /** The same, for each source. */
    private final Map<InetAddress, Map<InetSocketAddress, PendingHandshake>> bySource = new HashMap<>();
    /** Those that have come to their end, before the gate: they are silent because it is not their turn. */
    private final Map<InetSocketAddress, PendingHandshake> atGate = new HashMap<>();

    PendingHandshakes(ListenerScope scope, LoopSocket socket, ConnectionIds<Route> ids, SessionTable sessions) {
        this.scope = scope;
        this.socket = socket;
        this.ids = ids;
        this.sessions = sessions;
        this.telemetry = scope.telemetry();
        this.failures = new HandshakeFailures(scope.name(), telemetry);
        this.patience = scope.dtls().retransmit().multipliedBy(2);
    }

    private static Map<InetSocketAddress, PendingHandshake> newBySilence() {
        return new LinkedHashMap<>(16, 0.75f, true);
    }

    /** The handshake of the device at an address. */
    @Nullable
    PendingHandshake at(InetSocketAddress address) {
        PendingHandshake pending = bySilence.get(address);
        return pending == null ? atGate.get(address) : pending;
    }

    /** Begins a handshake, where one more may; the one that the same device was in is over. */
    void begin(InetSocketAddress source, Verified verified) {
        PendingHandshake former = at(source);
        if (former != null) {
            end(former, HandshakeOutcome.CLOSED);
        }
        if (!isAdmitted(source)) {
            return;
        }
        PendingHandshake begun = new PendingHandshake(this, scope, socket, ids, source, verified);
        bySilence.put(source, begun);
        bySource.computeIfAbsent(source.getAddress(), address -> newBySilence()).put(source, begun);
        telemetry.handshakePending(scope.name());
        begun.start(scope.config().handshakeTimeout());
    }

    private boolean isAdmitted(InetSocketAddress source) {
        InetAddress address = source.getAddress();
        Limit reached = scope.pending().admit(address);
        if (reached != null && makesRoom(reached, address)) {
            reached = scope.pending().admit(address);
        }
        if (reached != null) {
            dropped(reached == Limit.BY_SOURCE ? DatagramDrop.HANDSHAKE_SOURCE_LIMIT : DatagramDrop.HANDSHAKE_LIMIT);
            return false;
        }
        if (sessions.at(source) != null) {
            scope.connections().admitInPlaceOfAnother(address);
            return true;
        }
        reached = scope.connections().admit(address);
        if (reached != null) {
            scope.pending().release(address);
            Refusal refusal = reached == Limit.BY_SOURCE ? Refusal.SOURCE_LIMIT : Refusal.LISTENER_LIMIT;
            telemetry.connectionRefused(scope.name(), refusal);
        }
        return reached == null;
    }

    /** Ends the handshake that has been silent for longest, where that is long: of those on this loop. */
    private boolean makesRoom(Limit reached, InetAddress source) {
        Map<InetSocketAddress, PendingHandshake> candidates =
                reached == Limit.BY_SOURCE ? bySource.getOrDefault(source, Map.of()) : bySilence;
        PendingHandshake longest = candidates.values().stream().findFirst().orElse(null);
        if (longest == null || longest.silence().compareTo(patience) < 0) {
            return false;
        }
        end(longest, HandshakeOutcome.TIMEOUT);
        return true;
    }

    /** To look it up puts it behind all others. */
    void heardFrom(PendingHandshake handshake) {
        Map<?, ?> ofSource = bySource.get(handshake.address().getAddress());
        if (ofSource != null) {
            ofSource.get(handshake.address());
        }
        bySilence.get(handshake.address());
    }

    void dropped(DatagramDrop why) {
        scope.dropped(why);
    }

    /** A handshake has come to its end: the session begins, where the device is let in. */
    void succeeded(PendingHandshake handshake, DtlsEngine engine) {
        HandshakeResult result = handshake.peer().result();
        if (!isPending(handshake) || result == null) {
            engine.close();
            return;
        }
        Gate gate = scope.deviceGate();
        DevicePath device = result.device();
        if (gate == null || device == null) {
            begin(handshake, engine, result);
            return;
        }
        handshake.stopClock();
        forget(handshake);
        atGate.put(handshake.address(), handshake);
        var _ = gate.judge(device)
                .whenComplete((judgement, failure) ->
                        handshake.comeBack(() -> judged(handshake, engine, result, judgement, failure)));
    }

    /** What came meanwhile waits in the handshake's queue. */
    private void judged(
            PendingHandshake handshake,
            DtlsEngine engine,
            HandshakeResult result,
            @Nullable Judgement judgement,
            @Nullable Throwable failure) {
        if (!isPending(handshake)) {
            engine.close();
        } else if (judgement == null) {
            LOG.atError().setCause(failure).log("the gate gives no judgement");
            engine.close();
            end(handshake, outcome(result));
        } else if (!judgement.isLetIn()) {
            engine.fail(FatalAlerts.of(judgement.farewell()));
            end(handshake, outcome(result));
            socket.flush();
        } else {
            DeviceSession session = begin(handshake, engine, result);
            DevicePath device = Objects.requireNonNull(result.device());
            session.stays(Objects.requireNonNull(scope.deviceGate())
                    .enter(device, other -> socket.loop().execute(() -> session.refuse(other.farewell()))));
        }
    }

    private DeviceSession begin(PendingHandshake handshake, DtlsEngine engine, HandshakeResult result) {
        pass(handshake, outcome(result));
        if (!result.resumed()) {
            telemetry.handshakeStapled(scope.name(), result.stapleKind());
        }
        boolean agreed = result.connectionId() != null;
        ConnectionId id = handshake.id();
        if (id != null && !agreed) {
            ids.release(id);
        }
        DeviceSession session = new DeviceSession(
                sessions,
                engine,
                handshake.path(),
                handshake.hello(),
                agreed ? id : null,
                result.facts(scope.name(), handshake.address(), socket.localAddress()));
        sessions.add(session);
        session.receiveEarly();
        socket.flush();
        return session;
    }

    private static HandshakeOutcome outcome(HandshakeResult result) {
        return result.resumed() ? HandshakeOutcome.RESUMED : HandshakeOutcome.OK;
    }

    void failed(PendingHandshake handshake, Exception cause) {
        if (!isPending(handshake)) {
            return;
        }
        int received = handshake.peer().alertReceived();
        int sent = handshake.peer().alertSent();
        failures.failed(handshake.peer(), handshake.address(), cause);
        end(
                handshake,
                received >= 0
                        ? HandshakeOutcome.ALERT_RECEIVED
                        : sent >= 0 ? HandshakeOutcome.ALERT_SENT : HandshakeOutcome.CLOSED);
    }

    private boolean isPending(PendingHandshake handshake) {
        return at(handshake.address()) == handshake;
    }

    /** Ends a handshake that makes no session; everything that it held is free. */
    void end(PendingHandshake handshake, HandshakeOutcome outcome) {
        pass(handshake, outcome);
        handshake.abandon();
        scope.connections().release(handshake.address().getAddress());
        if (handshake.id() != null) {
            ids.release(handshake.id());
        }
    }

    void endAll() {
        Stream.of(bySilence, atGate)
                .flatMap(handshakes -> List.copyOf(handshakes.values()).stream())
                .forEach(handshake -> end(handshake, HandshakeOutcome.CLOSED));
    }

    private void pass(PendingHandshake handshake, HandshakeOutcome outcome) {
        forget(handshake);
        handshake.stopClock();
        scope.pending().release(handshake.address().getAddress());
        telemetry.handshakePassed(scope.name());
        telemetry.handshakeEnded(scope.name(), handshake.peer().version(), outcome, handshake.age());
    }

    private void forget(PendingHandshake handshake) {
        InetSocketAddress source = handshake.address();
        bySilence.remove(source);
        atGate.remove(source);
        bySource.computeIfPresent(source.getAddress(), (address, handshakes) -> {
            handshakes.remove(source);
            return handshakes.isEmpty() ? null : handshakes;
        });
    }
}
