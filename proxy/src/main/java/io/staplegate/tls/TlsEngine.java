package io.staplegate.tls;

import io.staplegate.handshake.ServerPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.RecordFormat;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.TlsUtils;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one TLS connection, as bytes in and bytes out; knows no Netty. What it adds to Bouncy Castle's
 * engine: plaintext goes to its receiver without a queue between, the messages of a flight share records (22 bytes and
 * an encryption less for each in TLS 1.3), TLS 1.3 closes each direction on its own, and floods end. One thread at a
 * time.
 */
public final class TlsEngine extends TlsServerProtocol {
    /** Bytes that a client may send in its handshake: two ClientHellos of the engine's limit, and more. */
    private static final int MOST_HANDSHAKE_BYTES = 128 * 1024;

    /** Records in a row without application data: key updates, empty fragments, warnings. OpenSSL allows 32, too. */
    private static final int MOST_EMPTY_RECORDS = 32;

    private static final int MOST_RENEGOTIATIONS = 3;

    /** Takes decrypted application data; the bytes are only good during the call. */
    @FunctionalInterface
    public interface Plaintext {
        void receive(byte[] bytes, int offset, int length);
    }

    private Plaintext plaintext = (bytes, offset, length) -> {};
    private @Nullable ByteArrayOutputStream flight;
    private int handshakeBytes;
    private int emptyRecords;
    private int renegotiations;
    private boolean inputEnded;
    private boolean outputEnded;

    /** An engine that waits for a ClientHello. */
    public TlsEngine(ServerPeer peer) throws IOException {
        accept(peer);
    }

    /** Names who takes the plaintext; nobody does before, and there is none before the end of the handshake. */
    public void deliverTo(Plaintext receiver) {
        plaintext = receiver;
    }

    /**
     * Processes whole records, decrypting in place. Returns early at the end of the handshake, so that application data
     * behind it can wait until somebody wants it.
     *
     * @return how many bytes were consumed; the rest is to be offered again, with more behind it
     * @throws IOException where the connection has failed; the alert, if any, is in the output
     */
    public int offer(byte[] bytes, int offset, int length) throws IOException {
        boolean handshaking = isHandshaking();
        int position = offset;
        int end = offset + length;
        while (handshaking == isHandshaking() && end - position >= RecordFormat.FRAGMENT_OFFSET) {
            if (isClosed() || inputEnded) {
                return length;
            }
            byte[] header = Arrays.copyOfRange(bytes, position, position + RecordFormat.FRAGMENT_OFFSET);
            int size = previewInputRecord(header).getRecordSize();
            if (end - position < size) {
                break;
            }
            if (handshaking && (handshakeBytes += size) > MOST_HANDSHAKE_BYTES) {
                fail(AlertDescription.unexpected_message, "too many bytes for a handshake");
                return length;
            }
            offerInput(bytes, position, size);
            position += size;
        }
        return position - offset;
    }

    /** Whether the client has said that no more will follow. */
    public boolean isInputEnded() {
        return inputEnded;
    }

    /** Whether this side has said so. */
    public boolean isOutputEnded() {
        return outputEnded;
    }

    /** Sends close_notify. In TLS 1.3 the client may go on sending; in TLS 1.2 that closes both directions. */
    public void endOutput() throws IOException {
        if (isTls13() && !inputEnded) {
            raiseAlertWarning(AlertDescription.close_notify, "end of stream");
        } else {
            close();
        }
    }

    /** Sends a fatal alert and closes. */
    public void fail(short alert, String reason) throws IOException {
        handleException(alert, reason, null);
    }

    /** Frees the buffer that the last output has left; to be called when there will be none for a while. */
    public void releaseBuffer() {
        outputBuffer.getBuffer().shrink();
    }

    private boolean isTls13() {
        return TlsUtils.isTLSv13(getContext());
    }

    @Override
    protected void processRecord(short type, byte[] bytes, int offset, int length) throws IOException {
        if (!isConnected()) {
            super.processRecord(type, bytes, offset, length);
            return;
        }
        boolean applicationData = type == ContentType.application_data;
        emptyRecords = applicationData && length > 0 ? 0 : emptyRecords + 1;
        if (emptyRecords > MOST_EMPTY_RECORDS) {
            throw new TlsFatalAlert(AlertDescription.unexpected_message, "too many records without data");
        }
        if (!applicationData) {
            super.processRecord(type, bytes, offset, length);
        } else if (length > 0) {
            plaintext.receive(bytes, offset, length);
        }
    }

    @Override
    protected void refuseRenegotiation() throws IOException {
        if (++renegotiations > MOST_RENEGOTIATIONS) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "renegotiation was refused before");
        }
        super.refuseRenegotiation();
    }

    @Override
    protected void handleAlertWarningMessage(short alert) throws IOException {
        if (alert == AlertDescription.close_notify && isConnected()) {
            inputEnded = true;
            if (isTls13() && !outputEnded) {
                return;
            }
        }
        super.handleAlertWarningMessage(alert);
    }

    @Override
    protected void raiseAlertWarning(short alert, String message) throws IOException {
        if (alert == AlertDescription.close_notify) {
            if (outputEnded) {
                return;
            }
            outputEnded = true;
        }
        super.raiseAlertWarning(alert, message);
    }

    /** Collects the messages of a flight; whatever is not a handshake message sends them first. */
    @Override
    protected void writeRecord(short type, byte[] bytes, int offset, int length) throws IOException {
        if (type == ContentType.handshake && isHandshaking()) {
            if (flight == null) {
                flight = new ByteArrayOutputStream(4096);
            }
            flight.write(bytes, offset, length);
            return;
        }
        sendFlight();
        super.writeRecord(type, bytes, offset, length);
    }

    /** To be called before the engine changes its keys or waits for the client. */
    private void sendFlight() throws IOException {
        if (flight == null) {
            return;
        }
        byte[] messages = flight.toByteArray();
        flight = null;
        int limit = getApplicationDataLimit();
        for (int sent = 0; sent < messages.length; sent += limit) {
            super.writeRecord(ContentType.handshake, messages, sent, Math.min(limit, messages.length - sent));
        }
    }

    @Override
    protected void sendServerHelloMessage(ServerHello hello) throws IOException {
        super.sendServerHelloMessage(hello);
        if (isTls13()) {
            sendFlight();
        }
    }

    @Override
    protected void send13FinishedMessage() throws IOException {
        super.send13FinishedMessage();
        sendFlight();
    }

    @Override
    protected void sendServerHelloDoneMessage() throws IOException {
        super.sendServerHelloDoneMessage();
        sendFlight();
    }

    @Override
    protected void sendFinishedMessage() throws IOException {
        super.sendFinishedMessage();
        sendFlight();
    }
}
