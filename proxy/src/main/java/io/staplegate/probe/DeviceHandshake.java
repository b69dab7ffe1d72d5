package io.staplegate.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsTimeoutException;

/**
 * A full handshake over TCP or UDP, on a socket of its own that is closed when it is over. Blocks: made for virtual
 * threads.
 *
 * @param server where to connect; unresolved: looked up each time
 * @param timeout over TCP for the connection, and for each answer of the server; over UDP for the whole handshake, and
 *     half of it for the first answer
 */
public record DeviceHandshake(InetSocketAddress server, Device device, Duration timeout) {
    /**
     * Connects, shakes hands, says goodbye and closes.
     *
     * @throws HandshakeFailure where there is no connection, or the handshake does not come to its end
     */
    public Encounter perform() throws HandshakeFailure {
        long begin = System.nanoTime();
        try (Connection connection = connect()) {
            Duration connecting = since(begin);
            Presented presented = shakeHands(connection);
            return new Encounter(presented, connection.traffic(), connecting, since(begin));
        }
    }

    private Connection connect() throws HandshakeFailure {
        InetSocketAddress address =
                server.isUnresolved() ? new InetSocketAddress(server.getHostString(), server.getPort()) : server;
        if (address.isUnresolved()) {
            throw new HandshakeFailure(
                    "no connection: \"" + server.getHostString() + "\" does not resolve", Traffic.NONE, null);
        }
        try {
            return device.speaksDtls() ? new UdpConnection(address, timeout) : new TcpConnection(address, timeout);
        } catch (IOException e) {
            throw new HandshakeFailure("no connection: " + e.getMessage(), Traffic.NONE, e);
        }
    }

    private Presented shakeHands(Connection connection) throws HandshakeFailure {
        try {
            return connection.shakeHands(device);
        } catch (HandshakeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new HandshakeFailure(reason(e), connection.traffic(), e);
        }
    }

    private String reason(IOException fault) {
        return switch (fault) {
            case SocketTimeoutException _ -> "no answer within " + timeout.toMillis() + " ms";
            case TlsTimeoutException _ -> "no end of the handshake within " + timeout.toMillis() + " ms";
            case PortUnreachableException _ -> "no connection: nobody listens on that UDP port";
            case TlsFatalAlertReceived e -> "alert received: " + AlertDescription.getText(e.getAlertDescription());
            case TlsFatalAlert e -> "alert sent: " + AlertDescription.getText(e.getAlertDescription());
            default -> "connection lost: " + fault.getMessage();
        };
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
