package io.staplegate.handshake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.CertificateStatusType;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsUtils;

/** Which certificate status a client asks for, and in which way it takes the answer. */
enum StatusRequest {
    /** None, or one of a type that is not known: costs no byte (R25, R26, R54). */
    NOTHING,
    /** TLS 1.3: each certificate's beside it (RFC 8446 §4.4.2.1). */
    EACH,
    /**
     * TLS 1.3, from a client that adds request extensions: the leaf's alone. wolfSSL is the one that does (a nonce),
     * and wolfSSL 5.5 holds the last staple of the chain against the leaf: more than one ends its handshake.
     */
    LEAF_13,
    /** status_request: the leaf's (RFC 6066 §8). */
    LEAF,
    /** status_request_v2, ocsp: the leaf's (RFC 6961). */
    LEAF_V2,
    /** status_request_v2, ocsp_multi: the whole chain's (RFC 6961). */
    CHAIN_V2;

    /**
     * Reads the request. TLS 1.3 knows no status_request_v2 (R29); in TLS 1.2 it goes before the older one.
     *
     * <p>What is in the responder ids and in the request extensions (a nonce, for example) changes nothing about a
     * prefetched staple, so no ASN.1 from strangers is parsed for them.
     */
    static StatusRequest of(Hashtable<?, ?> clientExtensions, boolean tls13) {
        byte[] v1 = TlsUtils.getExtensionData(clientExtensions, TlsExtensionsUtils.EXT_status_request);
        boolean asksV1 = v1 != null && v1.length > 0 && v1[0] == CertificateStatusType.ocsp;
        if (tls13) {
            return !asksV1 ? NOTHING : hasRequestExtensions(v1) ? LEAF_13 : EACH;
        }
        byte[] v2 = TlsUtils.getExtensionData(clientExtensions, TlsExtensionsUtils.EXT_status_request_v2);
        StatusRequest asked = v2 == null ? NOTHING : firstOf(v2);
        return asked == NOTHING && asksV1 ? LEAF : asked;
    }

    /** Of an OCSPStatusRequest (RFC 6066 §8); malformed ones ask as if they had none (R26). */
    private static boolean hasRequestExtensions(byte[] extensionData) {
        ByteArrayInputStream request = new ByteArrayInputStream(extensionData, 1, extensionData.length - 1);
        try {
            TlsUtils.readOpaque16(request);
            return TlsUtils.readOpaque16(request).length > 0;
        } catch (IOException malformed) {
            return false;
        }
    }

    /** The first type of the client's list that the proxy can serve. */
    private static StatusRequest firstOf(byte[] extensionData) {
        try {
            ByteArrayInputStream items = new ByteArrayInputStream(TlsUtils.decodeOpaque16(extensionData));
            while (items.available() > 0) {
                short type = TlsUtils.readUint8(items);
                TlsUtils.readOpaque16(items);
                if (type == CertificateStatusType.ocsp_multi) {
                    return CHAIN_V2;
                }
                if (type == CertificateStatusType.ocsp) {
                    return LEAF_V2;
                }
            }
        } catch (IOException malformed) {
            return NOTHING;
        }
        return NOTHING;
    }
}
