package io.staplegate.ocsp;

import io.staplegate.demo.OcspReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Responses that no responder would make, correctly signed nevertheless. */
final class Surgery {
    private Surgery() {}

    /** The reply with another content under the signature. */
    static byte[] data(OcspReply reply, UnaryOperator<ResponseData> change) {
        BasicOCSPResponse basic = basic(reply.encode());
        ResponseData changed = change.apply(basic.getTbsResponseData());
        try {
            ContentSigner signer = new JcaContentSignerBuilder(reply.signer().algorithm())
                    .build(reply.signer().keys().getPrivate());
            signer.getOutputStream().write(changed.getEncoded());
            var signature = new DERBitString(signer.getSignature());
            return successful(
                    new BasicOCSPResponse(changed, signer.getAlgorithmIdentifier(), signature, basic.getCerts()));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The reply with another entry under the signature. */
    static byte[] entry(OcspReply reply, UnaryOperator<SingleResponse> change) {
        return data(reply, data -> {
            SingleResponse entry =
                    SingleResponse.getInstance(data.getResponses().getObjectAt(0));
            return new ResponseData(
                    data.getVersion(),
                    data.getResponderID(),
                    data.getProducedAt(),
                    new DERSequence(change.apply(entry)),
                    data.getResponseExtensions());
        });
    }

    /** The reply with these times, in whatever form; null: as they are. */
    static byte[] times(OcspReply reply, String thisUpdate, String nextUpdate) {
        return entry(
                reply,
                entry -> new SingleResponse(
                        entry.getCertID(),
                        entry.getCertStatus(),
                        new ASN1GeneralizedTime(thisUpdate),
                        new ASN1GeneralizedTime(nextUpdate),
                        (Extensions) null));
    }

    static byte[] producedAt(OcspReply reply, String time) {
        return data(
                reply,
                data -> new ResponseData(
                        data.getVersion(),
                        data.getResponderID(),
                        new ASN1GeneralizedTime(time),
                        data.getResponses(),
                        (Extensions) null));
    }

    static byte[] responseExtension(OcspReply reply, ASN1ObjectIdentifier name, boolean critical) {
        return data(
                reply,
                data -> new ResponseData(
                        data.getVersion(),
                        data.getResponderID(),
                        data.getProducedAt(),
                        data.getResponses(),
                        extension(name, critical)));
    }

    static byte[] entryExtension(OcspReply reply, ASN1ObjectIdentifier name, boolean critical) {
        return entry(
                reply,
                entry -> new SingleResponse(
                        entry.getCertID(),
                        entry.getCertStatus(),
                        entry.getThisUpdate(),
                        entry.getNextUpdate(),
                        extension(name, critical)));
    }

    private static Extensions extension(ASN1ObjectIdentifier name, boolean critical) {
        return new Extensions(new Extension(name, critical, new DEROctetString(new byte[] {4, 1, 7})));
    }

    static BasicOCSPResponse basic(byte[] response) {
        return BasicOCSPResponse.getInstance(OCSPResponse.getInstance(response)
                .getResponseBytes()
                .getResponse()
                .getOctets());
    }

    static byte[] successful(BasicOCSPResponse basic) {
        try {
            return response(OCSPObjectIdentifiers.id_pkix_ocsp_basic, basic.getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] response(ASN1ObjectIdentifier type, byte[] bytes) {
        try {
            return new OCSPResponse(
                            new OCSPResponseStatus(OCSPResponseStatus.SUCCESSFUL),
                            new ResponseBytes(type, new DEROctetString(bytes)))
                    .getEncoded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
