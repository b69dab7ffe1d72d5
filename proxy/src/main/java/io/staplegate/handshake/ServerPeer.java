package io.staplegate.handshake;

import io.staplegate.handshake.Choice.ByCertificate;
import io.staplegate.handshake.Choice.ByPresharedKey;
import io.staplegate.identity.DevicePath;
import io.staplegate.telemetry.PathFault;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CertificateStatus;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one handshake: which identity, which suite, which staple. The engine calls it in the order of
 * the messages; it belongs to the thread that drives the engine.
 */
public sealed class ServerPeer extends AbstractTlsServer permits DatagramPeer {
    private static final List<Integer> IGNORED_EXTENSIONS = List.of(
            TlsExtensionsUtils.EXT_status_request,
            TlsExtensionsUtils.EXT_status_request_v2,
            TlsExtensionsUtils.EXT_trusted_ca_keys,
            TlsExtensionsUtils.EXT_truncated_hmac,
            TlsExtensionsUtils.EXT_encrypt_then_mac);

    private final Handshakes listener;
    private String version = "unknown";
    private @Nullable ClientOffer offer;
    private @Nullable Choice choice;
    private @Nullable DeviceAuthentication authentication;
    private @Nullable KeptSession earlier;
    private @Nullable PathFault pathFault;
    private @Nullable HandshakeResult result;
    private int alertSent = -1;
    private int alertReceived = -1;

    ServerPeer(Handshakes listener) {
        super(listener.crypto());
        this.listener = listener;
    }

    /** What was agreed on, or null before the end of the handshake. */
    public final @Nullable HandshakeResult result() {
        return result;
    }

    /** {@code TLSv1.2}, {@code TLSv1.3}, {@code DTLSv1.2}, or {@code unknown} before the two have agreed. */
    public final String version() {
        return version;
    }

    /** The fatal alert that was sent, or -1. */
    public final int alertSent() {
        return alertSent;
    }

    /** The fatal alert that was received, or -1. */
    public final int alertReceived() {
        return alertReceived;
    }

    /** What was wrong with the device's certificates, where that ended the handshake. */
    public final @Nullable PathFault pathFault() {
        return pathFault;
    }

    @Override
    protected final int[] getSupportedCipherSuites() {
        return listener.suiteCodes();
    }

    @Override
    public final int[] getSupportedGroups() {
        return listener.groups().all();
    }

    @Override
    protected final Vector<ProtocolName> getProtocolNames() {
        return listener.alpn();
    }

    @Override
    public ProtocolVersion getServerVersion() throws IOException {
        ProtocolVersion agreed = super.getServerVersion();
        version = agreed.isDTLS() ? "DTLSv1.2" : agreed.equals(ProtocolVersion.TLSv13) ? "TLSv1.3" : "TLSv1.2";
        return agreed;
    }

    /** Clients without RFC 5746 signalling are served: renegotiation, which it secures, is refused anyway. */
    @Override
    public final void notifySecureRenegotiation(boolean secureRenegotiation) {}

    @Override
    @SuppressWarnings("rawtypes") // the engine's signature
    public void processClientExtensions(Hashtable clientExtensions) throws IOException {
        super.processClientExtensions(EngineCollections.without(IGNORED_EXTENSIONS, clientExtensions));
        negotiate(clientExtensions);
    }

    /** Chooses, once in a handshake; needs the agreed version. */
    final void negotiate(Hashtable<?, ?> clientExtensions) throws IOException {
        offer = ClientOffer.of(context.getSecurityParametersHandshake(), offeredCipherSuites, clientExtensions);
        choice = new Negotiation(listener, offer).outcome();
        PreparedTrust trust = choice instanceof ByCertificate ? listener.trust() : null;
        authentication = trust == null ? null : new DeviceAuthentication(trust);
    }

    final boolean hasNegotiated() {
        return offer != null;
    }

    final @Nullable Choice choice() {
        return choice;
    }

    @Override
    public final @Nullable TlsSession getSessionToResume(byte[] sessionId) {
        SessionTerms terms = sessionTerms();
        earlier = terms == null ? null : listener.sessions().resumable(sessionId, terms);
        return terms == null || earlier == null
                ? null
                : listener.sessions().inEngine(sessionId, earlier, terms.suite());
    }

    /** Null where a session may be neither resumed nor kept. */
    private @Nullable SessionTerms sessionTerms() {
        PreparedTrust trust = authentication == null ? null : authentication.trust();
        return choice == null || offer == null ? null : SessionTerms.of(choice, offer, trust);
    }

    @Override
    public final byte @Nullable [] getNewSessionID() {
        boolean extended = context.getSecurityParametersHandshake().isExtendedMasterSecret();
        return extended && sessionTerms() != null ? context.getNonceGenerator().generateNonce(32) : null;
    }

    @Override
    public final int getSelectedCipherSuite() throws IOException {
        if (choice == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "no certificate and suite in common");
        }
        selectedCipherSuite = choice.suite().code();
        return selectedCipherSuite;
    }

    @Override
    public final boolean preferLocalSupportedGroups() {
        return listener.groups().hasPreferredShare(clientExtensions);
    }

    @Override
    protected final int selectECDH(int minimumCurveBits) {
        return offer == null ? -1 : listener.groups().choose(offer);
    }

    @Override
    public final Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
        var extensions = EngineCollections.copy(super.getServerExtensions());
        if (getCertificateStatus() != null) {
            boolean v1 = offer != null && offer.status() == StatusRequest.LEAF;
            extensions.put(
                    v1 ? TlsExtensionsUtils.EXT_status_request : TlsExtensionsUtils.EXT_status_request_v2,
                    TlsUtils.EMPTY_BYTES);
        }
        return extensions;
    }

    /** A session is kept without its extensions; the one that it holds is the one that is offered (R51). */
    @Override
    @SuppressWarnings("rawtypes") // the engine's signature
    public final void getServerExtensionsForConnection(Hashtable serverExtensions) throws IOException {
        super.getServerExtensionsForConnection(serverExtensions);
        boolean resumed = context.getSecurityParametersHandshake().isResumedSession();
        if (resumed && offer != null && offer.maxFragmentLength() > 0) {
            TlsExtensionsUtils.addMaxFragmentLengthExtension(serverExtensions, offer.maxFragmentLength());
        }
    }

    /** Null for a pre-shared key. */
    @Override
    public final @Nullable TlsCredentials getCredentials() throws IOException {
        return switch (choice) {
            case null -> throw new TlsFatalAlert(AlertDescription.internal_error);
            case ByPresharedKey _ -> null;
            case ByCertificate certificate -> credentials(certificate);
        };
    }

    private TlsCredentials credentials(ByCertificate chosen) throws IOException {
        SecurityParameters parameters = context.getSecurityParametersHandshake();
        boolean tls13 = TlsUtils.isTLSv13(parameters.getNegotiatedVersion());
        if (tls13 && parameters.getTrafficSecretClient() != null) {
            byte[] random = parameters.getClientRandom();
            listener.keyLog().log("CLIENT_HANDSHAKE_TRAFFIC_SECRET", random, parameters.getTrafficSecretClient());
            listener.keyLog().log("SERVER_HANDSHAKE_TRAFFIC_SECRET", random, parameters.getTrafficSecretServer());
        }
        Certificate stapled = chosen.stapled().certificates13(status());
        return new DefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                chosen.identity().signer().with(chosen.scheme()),
                stapled == null ? chosen.identity().bare(tls13) : stapled,
                chosen.scheme().inTls());
    }

    @Override
    public final @Nullable CertificateStatus getCertificateStatus() {
        return choice instanceof ByCertificate chosen ? chosen.stapled().message(status()) : null;
    }

    /** Not asked for by the engine where there is a pre-shared key. */
    @Override
    public final @Nullable CertificateRequest getCertificateRequest() {
        return authentication == null ? null : authentication.request(isTls13());
    }

    @Override
    public final int getMaxCertificateChainLength() {
        return authentication == null ? super.getMaxCertificateChainLength() : authentication.mostCertificates();
    }

    @Override
    public final void notifyClientCertificate(Certificate sent) throws IOException {
        if (authentication == null) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "no certificate was asked for");
        }
        authentication.receive(sent, isTls13(), listener.clock().instant());
    }

    private boolean isTls13() {
        return TlsUtils.isTLSv13(context.getSecurityParametersHandshake().getNegotiatedVersion());
    }

    private StatusRequest status() {
        return offer == null ? StatusRequest.NOTHING : offer.status();
    }

    @Override
    public final void notifyHandshakeComplete() throws IOException {
        SecurityParameters parameters = context.getSecurityParametersConnection();
        boolean resumed = parameters.isResumedSession();
        ProtocolName protocol = parameters.getApplicationProtocol();
        if (choice == null || offer == null) {
            throw new TlsFatalAlert(AlertDescription.internal_error);
        }
        DevicePath device = resumed ? earlierDevice() : authentication == null ? null : authentication.path();
        if (!resumed) {
            keepSession(parameters, device);
        }
        logSecrets(parameters);
        result = new HandshakeResult(
                version,
                choice.suite().name(),
                offer.serverName(),
                protocol == null ? null : protocol.getUtf8Decoding(),
                resumed ? StapleKind.NONE : stapleKind(choice),
                resumed,
                device,
                parameters.getPSKIdentity(),
                choice instanceof ByCertificate shown
                        ? shown.identity().identity().name()
                        : null,
                parameters.getConnectionIDPeer());
        forgetTheHandshake();
    }

    private StapleKind stapleKind(Choice chosen) {
        return switch (chosen) {
            case ByCertificate certificate -> certificate.stapled().kind(status());
            case ByPresharedKey _ -> StapleKind.NOT_REQUESTED;
        };
    }

    private @Nullable DevicePath earlierDevice() {
        return earlier == null || earlier.device() == null
                ? null
                : earlier.device().path();
    }

    private void keepSession(SecurityParameters parameters, @Nullable DevicePath device) throws IOException {
        SessionTerms terms = sessionTerms();
        if (terms != null && parameters.getSessionID().length > 0) {
            listener.sessions().keep(context.getSession(), terms, device);
        }
    }

    /** The engine holds its own form of the session for as long as the connection lasts, and never uses it. */
    private void destroySecretOfSession() {
        TlsSession session = context.getSession();
        SessionParameters engines = session == null ? null : session.exportSessionParameters();
        if (engines != null) {
            engines.clear();
        }
    }

    /** A session may last for months: what only its handshake needed is given back, 600 of 4,800 bytes. */
    private void forgetTheHandshake() {
        offer = null;
        choice = null;
        authentication = null;
        earlier = null;
        destroySecretOfSession();
        clientExtensions = null;
        offeredCipherSuites = null;
        clientProtocolNames = null;
        selectedProtocolName = null;
        serverExtensions.clear();
    }

    private void logSecrets(SecurityParameters parameters) throws IOException {
        KeyLog log = listener.keyLog();
        byte[] random = parameters.getClientRandom();
        if (TlsUtils.isTLSv13(parameters.getNegotiatedVersion())) {
            log.log("CLIENT_TRAFFIC_SECRET_0", random, parameters.getTrafficSecretClient());
            log.log("SERVER_TRAFFIC_SECRET_0", random, parameters.getTrafficSecretServer());
            log.log("EXPORTER_SECRET", random, parameters.getExporterMasterSecret());
        } else {
            log.log("CLIENT_RANDOM", random, parameters.getMasterSecret());
        }
    }

    @Override
    public final void notifyAlertRaised(
            short level, short description, @Nullable String message, @Nullable Throwable cause) {
        if (level == AlertLevel.fatal) {
            alertSent = description;
            pathFault = authentication == null ? null : authentication.faultBehind(description);
            if (result != null && FatalAlerts.isForGood(description)) {
                forgetSession();
            }
        }
    }

    /** It was agreed on with a device that is kept out (RFC 5246 §7.2). */
    private void forgetSession() {
        TlsSession session = context.getSession();
        if (session != null) {
            listener.sessions().forget(session.getSessionID());
        }
    }

    @Override
    public final void notifyAlertReceived(short level, short description) {
        if (level == AlertLevel.fatal) {
            alertReceived = description;
        }
    }
}
