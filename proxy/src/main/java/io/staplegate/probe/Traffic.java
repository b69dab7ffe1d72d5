package io.staplegate.probe;

/**
 * What went over the network: the payload of TCP or UDP.
 *
 * @param datagramsSent 0 over TCP
 * @param datagramsReceived likewise
 */
public record Traffic(long bytesSent, long bytesReceived, long datagramsSent, long datagramsReceived) {
    /** Nothing. */
    static final Traffic NONE = new Traffic(0, 0, 0, 0);

    Traffic sent(int bytes) {
        return new Traffic(bytesSent + bytes, bytesReceived, datagramsSent, datagramsReceived);
    }

    Traffic received(int bytes) {
        return new Traffic(bytesSent, bytesReceived + bytes, datagramsSent, datagramsReceived);
    }

    Traffic datagramSent(int bytes) {
        return new Traffic(bytesSent + bytes, bytesReceived, datagramsSent + 1, datagramsReceived);
    }

    Traffic datagramReceived(int bytes) {
        return new Traffic(bytesSent, bytesReceived + bytes, datagramsSent, datagramsReceived + 1);
    }
}
