package io.staplegate.handshake;

import io.staplegate.identity.DevicePath;
import io.staplegate.identity.InvalidPathException;
import io.staplegate.telemetry.PathFault;
import java.time.Instant;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/**
 * How far one handshake is with the device's certificate, and what was wrong with it. Over DTLS the engine does not say
 * why it ends a handshake, so that is told from how far it was. Belongs to the thread that drives the engine.
 */
final class DeviceAuthentication {
    /** As many as fit into a Certificate message that the engine takes; {@link PreparedTrust} takes fewer. */
    private static final int MOST_PARSED = 10_000;

    private final PreparedTrust trust;
    private Stage stage = Stage.ASKING;
    private @Nullable DevicePath path;
    private @Nullable PathFault fault;

    private enum Stage {
        ASKING,
        /** The engine decodes what the device sent. */
        DECODING,
        /** Its path is valid, and it has yet to show that it has the key. */
        AWAITING_PROOF,
        /** It sent no certificate, or was refused. */
        OVER
    }

    DeviceAuthentication(PreparedTrust trust) {
        this.trust = trust;
    }

    PreparedTrust trust() {
        return trust;
    }

    CertificateRequest request(boolean tls13) {
        return trust.request(tls13);
    }

    /** The engine asks for the largest number of certificates each time before it decodes some. */
    int mostCertificates() {
        stage = Stage.DECODING;
        return MOST_PARSED;
    }

    /**
     * Validates what a device sent.
     *
     * @param at now
     * @throws TlsFatalAlert where that does not authenticate it; the cause says why
     */
    void receive(Certificate sent, boolean tls13, Instant at) throws TlsFatalAlert {
        stage = Stage.OVER;
        try {
            path = trust.validate(sent, tls13, at);
        } catch (InvalidPathException e) {
            fault = e.fault();
            throw new TlsFatalAlert(alert(e.fault(), tls13), e.getMessage(), e);
        }
        if (path != null) {
            stage = Stage.AWAITING_PROOF;
        }
    }

    /** The path of a device that sent one. It counts at the end of the handshake, not before. */
    @Nullable
    DevicePath path() {
        return path;
    }

    /** What was wrong with the device's certificates, where that is why a handshake ends with an alert; else null. */
    @Nullable
    PathFault faultBehind(short alert) {
        return switch (stage) {
            case ASKING, OVER -> fault;
            case DECODING -> PathFault.MALFORMED;
            case AWAITING_PROOF -> isOfProof(alert) ? PathFault.UNPROVEN : null;
        };
    }

    /** A signature that is wrong, missing, of a scheme that was not offered, or of another kind than the key. */
    private static boolean isOfProof(short alert) {
        return switch (alert) {
            case AlertDescription.decrypt_error,
                    AlertDescription.unexpected_message,
                    AlertDescription.illegal_parameter,
                    AlertDescription.certificate_unknown -> true;
            default -> false;
        };
    }

    /**
     * The alert for a fault, as OpenSSL has it ({@code ssl_x509err2alert}), but for a certificate that is not valid
     * yet: RFC 8446 §6.2 has the same alert for that as for one that has expired.
     */
    private static short alert(PathFault fault, boolean tls13) {
        return switch (fault) {
            case NO_CERTIFICATE -> tls13 ? AlertDescription.certificate_required : AlertDescription.handshake_failure;
            case MALFORMED -> AlertDescription.decode_error;
            case UNKNOWN_CA, NOT_A_CA, PATH_TOO_LONG -> AlertDescription.unknown_ca;
            case BAD_SIGNATURE, UNPROVEN -> AlertDescription.decrypt_error;
            case EXPIRED, NOT_YET_VALID -> AlertDescription.certificate_expired;
            case WRONG_USAGE -> AlertDescription.unsupported_certificate;
            case WEAK -> AlertDescription.bad_certificate;
            case NAME_CONSTRAINT, UNSUPPORTED -> AlertDescription.certificate_unknown;
        };
    }
}
