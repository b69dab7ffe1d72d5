package io.staplegate.handshake;

import io.staplegate.telemetry.Telemetry;
import java.net.SocketAddress;
import org.bouncycastle.tls.AlertDescription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is told of a listener's handshakes that fail, over TLS and DTLS alike. Safe for use by any thread. */
public record HandshakeFailures(String listener, Telemetry telemetry) {
    private static final Logger LOG = LoggerFactory.getLogger(HandshakeFailures.class);

    /** Logs a failure, and counts it where a certificate was the reason: the device's, or a staple of ours (R27). */
    public void failed(ServerPeer peer, SocketAddress source, @Nullable Throwable cause) {
        LOG.atDebug()
                .addKeyValue("listener", listener)
                .addKeyValue("source", source)
                .addKeyValue("received", alertText(peer.alertReceived()))
                .addKeyValue("sent", alertText(peer.alertSent()))
                .addKeyValue("path", peer.pathFault())
                .setCause(cause)
                .log("handshake failed");
        if (peer.pathFault() != null) {
            telemetry.devicePathRefused(listener, peer.pathFault());
        }
        if (peer.alertReceived() == AlertDescription.bad_certificate_status_response) {
            telemetry.stapleRejected(listener);
        }
    }

    private static String alertText(int alert) {
        return alert < 0 ? "none" : AlertDescription.getText((short) alert);
    }
}
