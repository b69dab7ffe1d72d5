package io.staplegate.handshake;

import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.handshake.PreparedIdentity.Choice;
import io.staplegate.identity.Identity;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateStatus;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
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
public final class ServerPeer extends AbstractTlsServer {
    private static final List<Integer> IGNORED_EXTENSIONS = List.of(
            TlsExtensionsUtils.EXT_status_request,
            TlsExtensionsUtils.EXT_status_request_v2,
            TlsExtensionsUtils.EXT_trusted_ca_keys,
            TlsExtensionsUtils.EXT_truncated_hmac,
            TlsExtensionsUtils.EXT_encrypt_then_mac);

    private final Handshakes listener;
    private String version = "unknown";
    private @Nullable String serverName;
    private @Nullable ClientOffer offer;
    private @Nullable Choice choice;
    private @Nullable StapledChain stapled;
    private StatusRequest status = StatusRequest.NOTHING;
    private @Nullable HandshakeResult result;
    private int alertSent = -1;
    private int alertReceived = -1;

    ServerPeer(Handshakes listener) {
        super(listener.crypto());
        this.listener = listener;
    }

    /** What was agreed on, or null before the end of the handshake. */
    public @Nullable HandshakeResult result() {
        return result;
    }

    /** {@code TLSv1.2}, {@code TLSv1.3}, or {@code unknown} before the two have agreed. */
    public String version() {
        return version;
    }

    /** The fatal alert that was sent, or -1. */
    public int alertSent() {
        return alertSent;
    }

    /** The fatal alert that was received, or -1. */
    public int alertReceived() {
        return alertReceived;
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return Suite.codes();
    }

    @Override
    public int[] getSupportedGroups() {
        return listener.groups().all();
    }

    @Override
    protected Vector<ProtocolName> getProtocolNames() {
        return listener.alpn();
    }

    @Override
    public ProtocolVersion getServerVersion() throws IOException {
        ProtocolVersion agreed = super.getServerVersion();
        version = agreed.equals(ProtocolVersion.TLSv13) ? "TLSv1.3" : "TLSv1.2";
        return agreed;
    }

    /** Clients without RFC 5746 signalling are served: renegotiation, which it secures, is refused anyway. */
    @Override
    public void notifySecureRenegotiation(boolean secureRenegotiation) {}

    @Override
    @SuppressWarnings("rawtypes") // the engine's signature
    public void processClientExtensions(Hashtable clientExtensions) throws IOException {
        super.processClientExtensions(EngineCollections.without(IGNORED_EXTENSIONS, clientExtensions));
        SecurityParameters parameters = context.getSecurityParametersHandshake();
        boolean tls13 = TlsUtils.isTLSv13(parameters.getNegotiatedVersion());
        status = StatusRequest.of(clientExtensions, tls13);
        serverName = hostName(parameters.getClientServerNames());
        offer = new ClientOffer(
                tls13,
                offeredCipherSuites,
                schemes(parameters.getClientSigAlgs()),
                parameters.getClientSupportedGroups());
        choose(offer);
    }

    private void choose(ClientOffer offer) throws IOException {
        List<PreparedIdentity> matching = listener.matching(serverName);
        if (matching.isEmpty()) {
            throw new TlsFatalAlert(AlertDescription.unrecognized_name, "no identity has the server name");
        }
        if (!offer.tls13() && listener.groups().choose(offer) < 0) {
            return;
        }
        for (PreparedIdentity candidate : matching) {
            choice = candidate.fit(offer);
            if (choice != null) {
                stapled = listener.stapled(candidate);
                refuseIfUnfit(candidate.identity(), stapled);
                return;
            }
        }
    }

    /** What the operator said of revoked certificates, and of clients that ask and cannot be served (R32). */
    private void refuseIfUnfit(Identity identity, StapledChain chain) throws IOException {
        if (chain.source().leafRevoked() && identity.config().onRevoked() == OnRevoked.REFUSE) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "the certificate is revoked");
        }
        boolean must = identity.config().stapling() == Stapling.MUST || identity.mustStaple();
        if (must && chain.kind(status) == StapleKind.NONE) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "no staple, and one is a must");
        }
    }

    private static @Nullable String hostName(@Nullable Vector<?> names) {
        if (names == null) {
            return null;
        }
        for (Object name : names) {
            if (name instanceof ServerName host && host.getNameType() == NameType.host_name) {
                return new String(host.getNameData(), StandardCharsets.US_ASCII);
            }
        }
        return null;
    }

    private static int[] schemes(@Nullable Vector<?> algorithms) {
        if (algorithms == null) {
            return new int[0];
        }
        return algorithms.stream()
                .mapToInt(algorithm -> SignatureScheme.from((SignatureAndHashAlgorithm) algorithm))
                .toArray();
    }

    @Override
    public @Nullable TlsSession getSessionToResume(byte[] sessionId) {
        Sessions.Terms terms = sessionTerms();
        return terms == null ? null : listener.sessions().resumable(sessionId, terms);
    }

    /** Null where a session may be neither resumed nor kept. */
    private Sessions.@Nullable Terms sessionTerms() {
        if (choice == null || stapled == null || stapled.source().leafRevoked() || maxFragmentLengthOffered >= 0) {
            return null;
        }
        return new Sessions.Terms(choice.prepared().identity(), choice.suite(), serverName);
    }

    @Override
    public byte @Nullable [] getNewSessionID() {
        boolean extended = context.getSecurityParametersHandshake().isExtendedMasterSecret();
        return extended && sessionTerms() != null ? context.getNonceGenerator().generateNonce(32) : null;
    }

    @Override
    public int getSelectedCipherSuite() throws IOException {
        if (choice == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "no certificate and suite in common");
        }
        selectedCipherSuite = choice.suite().code();
        return selectedCipherSuite;
    }

    @Override
    public boolean preferLocalSupportedGroups() {
        return listener.groups().hasPreferredShare(clientExtensions);
    }

    @Override
    protected int selectECDH(int minimumCurveBits) {
        return offer == null ? -1 : listener.groups().choose(offer);
    }

    @Override
    public Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
        var extensions = EngineCollections.copy(super.getServerExtensions());
        if (getCertificateStatus() != null) {
            boolean v1 = status == StatusRequest.LEAF;
            extensions.put(
                    v1 ? TlsExtensionsUtils.EXT_status_request : TlsExtensionsUtils.EXT_status_request_v2,
                    TlsUtils.EMPTY_BYTES);
        }
        return extensions;
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        if (choice == null || stapled == null) {
            throw new TlsFatalAlert(AlertDescription.internal_error);
        }
        SecurityParameters parameters = context.getSecurityParametersHandshake();
        boolean tls13 = TlsUtils.isTLSv13(parameters.getNegotiatedVersion());
        if (tls13 && parameters.getTrafficSecretClient() != null) {
            byte[] random = parameters.getClientRandom();
            listener.keyLog().log("CLIENT_HANDSHAKE_TRAFFIC_SECRET", random, parameters.getTrafficSecretClient());
            listener.keyLog().log("SERVER_HANDSHAKE_TRAFFIC_SECRET", random, parameters.getTrafficSecretServer());
        }
        PreparedIdentity prepared = choice.prepared();
        Certificate stapledCertificates = stapled.certificates13(status);
        Certificate certificate = stapledCertificates == null ? prepared.bare(tls13) : stapledCertificates;
        return new DefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                prepared.signer().with(choice.scheme()),
                certificate,
                choice.scheme().inTls());
    }

    @Override
    public @Nullable CertificateStatus getCertificateStatus() {
        return stapled == null ? null : stapled.message(status);
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        SecurityParameters parameters = context.getSecurityParametersConnection();
        boolean resumed = parameters.isResumedSession();
        ProtocolName protocol = parameters.getApplicationProtocol();
        Sessions.Terms terms = sessionTerms();
        if (choice == null || stapled == null) {
            throw new TlsFatalAlert(AlertDescription.internal_error);
        }
        if (terms != null && !resumed && parameters.getSessionID().length > 0) {
            listener.sessions().keep(context.getSession(), terms);
        }
        logSecrets(parameters);
        result = new HandshakeResult(
                version,
                choice.suite().name(),
                serverName,
                protocol == null ? null : protocol.getUtf8Decoding(),
                resumed ? StapleKind.NONE : stapled.kind(status),
                resumed,
                null,
                null,
                null);
        forgetTheHello();
    }

    /** A session may last for months: what only its handshake needed is given back, 600 of 4,800 bytes. */
    private void forgetTheHello() {
        offer = null;
        clientExtensions = null;
        offeredCipherSuites = null;
        clientProtocolNames = null;
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
    public void notifyAlertRaised(short level, short description, @Nullable String message, @Nullable Throwable cause) {
        if (level == AlertLevel.fatal) {
            alertSent = description;
        }
    }

    @Override
    public void notifyAlertReceived(short level, short description) {
        if (level == AlertLevel.fatal) {
            alertReceived = description;
        }
    }
}
