package io.staplegate.handshake;

import io.staplegate.testing.DeviceAuthority.Holder;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCertificate;
import org.jspecify.annotations.Nullable;

/** What a device for tests shows when it is asked for its certificate. Immutable. */
public final class DeviceCredentials {
    private final List<TlsCertificate> chain;
    private final KeyPair keys;
    private final byte @Nullable [] staple;

    public DeviceCredentials(Holder holder) {
        this(holder.chain().stream().map(DeviceCredentials::inTls).toList(), holder.keys(), null);
    }

    private DeviceCredentials(List<TlsCertificate> chain, KeyPair keys, byte @Nullable [] staple) {
        this.chain = chain;
        this.keys = keys;
        this.staple = staple;
    }

    /** Signs with another key than the certificate's. */
    public DeviceCredentials provenWith(KeyPair other) {
        return new DeviceCredentials(chain, other, staple);
    }

    /** Sends the first certificate over and over. */
    DeviceCredentials repeated(int times) {
        return new DeviceCredentials(Collections.nCopies(times, chain.getFirst()), keys, staple);
    }

    /** Has an OCSP response of any bytes for its own certificate. */
    DeviceCredentials stapled(byte[] response) {
        return new DeviceCredentials(chain, keys, response);
    }

    /** Sends any bytes for its own certificate. */
    DeviceCredentials encodedAs(byte[] bytes) {
        List<TlsCertificate> others = new ArrayList<>(chain);
        others.set(0, new Damaged((JcaTlsCertificate) chain.getFirst(), bytes));
        return new DeviceCredentials(others, keys, staple);
    }

    /** In the form in which the engine shows it. */
    public TlsCredentials in(TlsContext context) {
        SigningScheme scheme = scheme();
        return new DefaultTlsCredentialedSigner(
                new TlsCryptoParameters(context),
                KeySigner.inMemory(keys.getPrivate(), CryptoProvider.crypto()).with(scheme),
                TlsUtils.isTLSv13(context) ? certificate13() : new Certificate(chain.toArray(TlsCertificate[]::new)),
                scheme.inTls());
    }

    private Certificate certificate13() {
        List<CertificateEntry> entries = new ArrayList<>();
        for (TlsCertificate certificate : chain) {
            entries.add(new CertificateEntry(certificate, entries.isEmpty() ? extensions() : null));
        }
        return new Certificate(TlsUtils.EMPTY_BYTES, entries.toArray(CertificateEntry[]::new));
    }

    private @Nullable Hashtable<Integer, byte[]> extensions() {
        if (staple == null) {
            return null;
        }
        byte[] status = new byte[4 + staple.length];
        status[0] = 1;
        TlsUtils.writeUint24(staple.length, status, 1);
        System.arraycopy(staple, 0, status, 4, staple.length);
        return EngineCollections.extension(TlsExtensionsUtils.EXT_status_request, status);
    }

    private SigningScheme scheme() {
        return switch (keys.getPublic()) {
            case ECPublicKey ec ->
                switch (ec.getParams().getOrder().bitLength()) {
                    case 384 -> SigningScheme.ECDSA_SHA384;
                    case 521 -> SigningScheme.ECDSA_SHA512;
                    default -> SigningScheme.ECDSA_SHA256;
                };
            case RSAPublicKey _ -> SigningScheme.RSA_PSS_SHA256;
            default -> SigningScheme.ED25519;
        };
    }

    private static TlsCertificate inTls(X509Certificate certificate) {
        return new JcaTlsCertificate(CryptoProvider.crypto(), certificate);
    }

    /** A certificate that is sent as something else. */
    private static final class Damaged extends JcaTlsCertificate {
        private final byte[] bytes;

        Damaged(JcaTlsCertificate certificate, byte[] bytes) {
            super(CryptoProvider.crypto(), certificate.getX509Certificate());
            this.bytes = bytes;
        }

        @Override
        public byte[] getEncoded() {
            return bytes.clone();
        }
    }
}
