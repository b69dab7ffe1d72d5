package io.staplegate.ocsp;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPRequest;
import org.bouncycastle.asn1.ocsp.Request;
import org.bouncycastle.asn1.ocsp.TBSRequest;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.jspecify.annotations.Nullable;

/** OCSP requests about one certificate each (R10): ours, and those of others. */
public final class OcspRequest {
    /** The largest request that is looked at, in bytes. */
    public static final int MAX_BYTES = 8 * 1024;

    private static final int MAX_NONCE_BYTES = 128;

    private OcspRequest() {}

    /** What somebody's bytes ask. */
    public sealed interface Reading {
        /**
         * They ask about one certificate.
         *
         * @param nonce whether they have a nonce (RFC 9654), which only the responder itself can answer
         */
        record Asked(CertId certId, boolean nonce) implements Reading {}

        /**
         * They ask nothing that can be answered.
         *
         * @param answer what to tell whoever asked
         */
        record Refused(OcspRefusal answer) implements Reading {}
    }

    /** The request for a certificate's status in DER: no extension, so that caches on the way to the CA answer it. */
    public static byte[] encode(CertId certId) {
        var list = new DERSequence(new Request(certId.structure(), null));
        try {
            return new OCSPRequest(new TBSRequest(null, list, (Extensions) null), null).getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads somebody's request. Never throws, whatever the bytes are. Its signature and its sender's name, where it has
     * them, are of no interest (RFC 9919 §3.1.2).
     */
    public static Reading parse(byte[] der) {
        if (der.length > MAX_BYTES) {
            return new Reading.Refused(OcspRefusal.MALFORMED_REQUEST);
        }
        try {
            return read(OCSPRequest.getInstance(ASN1Primitive.fromByteArray(der)));
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle reports malformed structures by RuntimeExceptions of many kinds.
            return new Reading.Refused(OcspRefusal.MALFORMED_REQUEST);
        }
    }

    private static Reading read(OCSPRequest request) throws IOException {
        TBSRequest signed = request.getTbsRequest();
        if (!signed.getVersion().hasValue(0) || signed.getRequestList().size() != 1) {
            throw new IOException("not one question of version 1");
        }
        Request question = Request.getInstance(signed.getRequestList().getObjectAt(0));
        Extensions extensions = signed.getRequestExtensions();
        refuseCritical(question.getSingleRequestExtensions(), false);
        refuseCritical(extensions, true);
        boolean nonce = hasNonce(extensions);
        CertId certId = CertId.asked(question.getReqCert());
        return certId == null ? new Reading.Refused(OcspRefusal.UNAUTHORIZED) : new Reading.Asked(certId, nonce);
    }

    private static void refuseCritical(@Nullable Extensions extensions, boolean mayBeNonce) throws IOException {
        if (extensions == null) {
            return;
        }
        for (ASN1ObjectIdentifier name : extensions.getCriticalExtensionOIDs()) {
            if (!mayBeNonce || !name.equals(OCSPObjectIdentifiers.id_pkix_ocsp_nonce)) {
                throw new IOException("a critical extension that is not understood: " + name);
            }
        }
    }

    /** Whether there is a nonce; one that is empty or of more than 128 bytes makes the request malformed (R23). */
    private static boolean hasNonce(@Nullable Extensions extensions) throws IOException {
        Extension nonce = extensions == null ? null : extensions.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        if (nonce == null) {
            return false;
        }
        int length = ASN1OctetString.getInstance(nonce.getParsedValue()).getOctetsLength();
        if (length == 0 || length > MAX_NONCE_BYTES) {
            throw new IOException("a nonce of " + length + " bytes");
        }
        return true;
    }
}
