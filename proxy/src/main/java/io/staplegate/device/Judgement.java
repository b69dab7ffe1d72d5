package io.staplegate.device;

import io.staplegate.relay.SessionSignal;
import io.staplegate.telemetry.DeviceCheck;

/**
 * What becomes of a device.
 *
 * @param outcome why, as metrics and logs call it
 * @param isLetIn whether it may talk to the backend
 */
public record Judgement(DeviceCheck outcome, boolean isLetIn) {
    /** What an outcome comes to. */
    static Judgement of(DeviceCheck outcome) {
        return new Judgement(
                outcome,
                switch (outcome) {
                    case GOOD, GOOD_IN_GRACE, UNKNOWN_ALLOWED, NO_SOURCE_ALLOWED, UNAVAILABLE_ALLOWED, NOT_CHECKED ->
                        true;
                    case REVOKED, DENIED, UNKNOWN_REFUSED, NO_SOURCE_REFUSED, UNAVAILABLE_REFUSED -> false;
                });
    }

    /** How the session of a device that is not let in ends. */
    public SessionSignal farewell() {
        return switch (outcome) {
            case REVOKED -> SessionSignal.REVOKED;
            case DENIED -> SessionSignal.DENIED;
            default -> SessionSignal.UNVERIFIED;
        };
    }
}
