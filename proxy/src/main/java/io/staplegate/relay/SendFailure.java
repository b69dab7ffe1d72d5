package io.staplegate.relay;

import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Errors.NativeIoException;
import java.net.ConnectException;
import java.net.PortUnreachableException;

/** Why a connected UDP socket did not get a datagram to its peer. */
enum SendFailure {
    /** The peer's host says that nobody listens there (ICMP port unreachable). */
    REFUSED,
    /** No datagram of that size can leave. */
    TOO_LARGE,
    /** There is no way to the peer, or none is left. */
    UNREACHABLE;

    /** What an exception means. A refusal shows at the next call of any kind: reading, writing, writing several. */
    static SendFailure of(Throwable cause) {
        if (cause instanceof PortUnreachableException || cause instanceof ConnectException) {
            return REFUSED;
        }
        if (cause instanceof NativeIoException error && error.expectedErr() == Errors.ERROR_ECONNREFUSED_NEGATIVE) {
            return REFUSED;
        }
        // EMSGSIZE has no class and no constant, neither in the JDK nor in Netty.
        return String.valueOf(cause.getMessage()).contains("Message too long") ? TOO_LARGE : UNREACHABLE;
    }
}
