package io.staplegate.handshake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.NameType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.jspecify.annotations.Nullable;

/**
 * What a ClientHello lets the server choose from, in the client's order.
 *
 * @param tls13 whether TLS 1.3 was agreed on
 * @param serverName what it asks for by SNI
 * @param suites cipher suites
 * @param schemes signature schemes; empty: none that the proxy has (RFC 5246 would fall back to SHA-1)
 * @param groups key exchange groups and curves; null where the client names none
 * @param status which certificate status it asks for
 * @param maxFragmentLength the code of the length that it asks for (RFC 6066 §4), or 0
 */
record ClientOffer(
        boolean tls13,
        @Nullable String serverName,
        int[] suites,
        int[] schemes,
        int @Nullable [] groups,
        StatusRequest status,
        short maxFragmentLength) {

    /** What a ClientHello says. {@code parameters}: what the engine has made of it so far. */
    static ClientOffer of(SecurityParameters parameters, int[] suites, Hashtable<?, ?> extensions) throws IOException {
        boolean tls13 = ProtocolVersion.TLSv13.equals(parameters.getNegotiatedVersion());
        return new ClientOffer(
                tls13,
                hostName(parameters.getClientServerNames()),
                suites,
                schemes(parameters.getClientSigAlgs()),
                parameters.getClientSupportedGroups(),
                StatusRequest.of(extensions, tls13),
                (short) Math.max(0, TlsExtensionsUtils.getMaxFragmentLengthExtension(extensions)));
    }

    /** Whether the client can do a group; one that names no groups can do them all (RFC 8422 §4). */
    boolean hasGroup(int group) {
        if (groups == null) {
            return true;
        }
        for (int offered : groups) {
            if (offered == group) {
                return true;
            }
        }
        return false;
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
}
