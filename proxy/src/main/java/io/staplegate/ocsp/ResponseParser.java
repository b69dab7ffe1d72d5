package io.staplegate.ocsp;

import io.staplegate.ocsp.OcspAnswer.Status;
import io.staplegate.ocsp.ParsedResponse.Basic;
import io.staplegate.ocsp.ParsedResponse.Embedded;
import io.staplegate.ocsp.ParsedResponse.NoAnswer;
import io.staplegate.ocsp.ParsedResponse.Responder;
import io.staplegate.ocsp.ParsedResponse.Revocation;
import io.staplegate.ocsp.ParsedResponse.Single;
import io.staplegate.ocsp.Verdict.Code;
import io.staplegate.ocsp.Verdict.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertStatus;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extensions;
import org.jspecify.annotations.Nullable;

/**
 * Takes responses apart. Strict, because devices are: trailing bytes, encodings that are not DER, and times in other
 * forms than {@code YYYYMMDDHHMMSSZ} (R16) are refused.
 */
final class ResponseParser {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'")
            .withResolverStyle(ResolverStyle.STRICT)
            .withZone(ZoneOffset.UTC);

    /** Extensions that are understood, and have no influence on a verdict (RFC 6960 §4.4; R17 for the nonce). */
    private static final Set<ASN1ObjectIdentifier> UNDERSTOOD = Set.of(
            OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
            OCSPObjectIdentifiers.id_pkix_ocsp_crl,
            OCSPObjectIdentifiers.id_pkix_ocsp_archive_cutoff,
            OCSPObjectIdentifiers.id_pkix_ocsp_extended_revoke);

    private ResponseParser() {}

    static ParsedResponse parse(byte[] der) {
        if (der.length > OcspValidator.MAX_RESPONSE_BYTES) {
            return noAnswer(Code.OVERSIZE, der.length + " bytes, more than " + OcspValidator.MAX_RESPONSE_BYTES);
        }
        try {
            OCSPResponse response = OCSPResponse.getInstance(sequence(der));
            int status = response.getResponseStatus().getIntValue();
            return status == OCSPResponseStatus.SUCCESSFUL ? basic(response.getResponseBytes()) : refusal(status);
        } catch (IOException | CertificateException | RuntimeException e) {
            // Bouncy Castle reports malformed structures by RuntimeExceptions of many kinds.
            return noAnswer(Code.MALFORMED, "not a well-formed OCSP response (" + printable(e) + ")");
        }
    }

    private static NoAnswer refusal(int status) {
        return switch (status) {
            case OCSPResponseStatus.TRY_LATER -> noAnswer(Code.TRY_LATER, "the responder says tryLater");
            case OCSPResponseStatus.UNAUTHORIZED -> noAnswer(Code.UNAUTHORIZED, "the responder says unauthorized");
            case OCSPResponseStatus.INTERNAL_ERROR ->
                noAnswer(Code.RESPONDER_ERROR, "the responder says internalError");
            case OCSPResponseStatus.MALFORMED_REQUEST -> requestRefused("malformedRequest");
            case OCSPResponseStatus.SIG_REQUIRED -> requestRefused("sigRequired");
            default -> noAnswer(Code.MALFORMED, "response status " + status + " does not exist");
        };
    }

    private static NoAnswer requestRefused(String status) {
        return noAnswer(Code.REQUEST_REFUSED, "the responder says " + status);
    }

    private static NoAnswer noAnswer(Code code, String text) {
        return new NoAnswer(new Reason(code, text));
    }

    private static Basic basic(@Nullable ResponseBytes bytes) throws IOException, CertificateException {
        if (bytes == null || !bytes.getResponseType().equals(OCSPObjectIdentifiers.id_pkix_ocsp_basic)) {
            throw new IOException("there is no basic response in it");
        }
        ASN1Sequence structure = sequence(bytes.getResponse().getOctets());
        if (structure.size() > 4) {
            throw new IOException("there are " + structure.size() + " elements in the basic response");
        }
        BasicOCSPResponse basic = BasicOCSPResponse.getInstance(structure);
        ResponseData data = basic.getTbsResponseData();
        if (!data.getVersion().hasValue(0)) {
            throw new IOException("the version is not v1");
        }
        List<Single> singles = new ArrayList<>();
        for (ASN1Encodable element : data.getResponses()) {
            singles.add(single(SingleResponse.getInstance(element)));
        }
        return new Basic(
                structure,
                structure.getObjectAt(0).toASN1Primitive().getEncoded(ASN1Encoding.DL),
                basic.getSignatureAlgorithm(),
                basic.getSignature().getOctets(),
                certificates(basic.getCerts()),
                responder(data.getResponderID()),
                time("producedAt", data.getProducedAt()),
                List.copyOf(singles),
                notUnderstood(data.getResponseExtensions()));
    }

    private static Responder responder(ResponderID id) throws IOException {
        byte[] keyHash = id.getKeyHash();
        return keyHash != null
                ? new Responder(null, keyHash)
                : new Responder(new X500Principal(id.getName().getEncoded()), null);
    }

    private static Single single(SingleResponse response) throws IOException {
        CertStatus status = response.getCertStatus();
        Revocation revocation = status.getStatus() instanceof RevokedInfo info ? revocation(info) : null;
        ASN1GeneralizedTime nextUpdate = response.getNextUpdate();
        return new Single(
                response.getCertID(),
                switch (status.getTagNo()) {
                    case 0 -> Status.GOOD;
                    case 1 -> Status.REVOKED;
                    default -> Status.UNKNOWN;
                },
                revocation,
                time("thisUpdate", response.getThisUpdate()),
                nextUpdate == null ? null : time("nextUpdate", nextUpdate),
                notUnderstood(response.getSingleExtensions()));
    }

    private static Revocation revocation(RevokedInfo info) throws IOException {
        CRLReason reason = info.getRevocationReason();
        String name = reason == null ? "no reason given" : reason.toString();
        return new Revocation(time("revocationTime", info.getRevocationTime()), name);
    }

    private static List<Embedded> certificates(@Nullable ASN1Sequence sequence)
            throws IOException, CertificateException {
        if (sequence == null) {
            return List.of();
        }
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Embedded> certificates = new ArrayList<>();
        for (ASN1Encodable element : sequence) {
            Certificate structure = Certificate.getInstance(element);
            var der = new ByteArrayInputStream(structure.getEncoded(ASN1Encoding.DL));
            var certificate = (X509Certificate) factory.generateCertificate(der);
            certificates.add(new Embedded(certificate, structure.getSignatureAlgorithm()));
        }
        return List.copyOf(certificates);
    }

    private static Set<String> notUnderstood(@Nullable Extensions extensions) {
        Set<String> names = new LinkedHashSet<>();
        if (extensions != null) {
            for (ASN1ObjectIdentifier name : extensions.getCriticalExtensionOIDs()) {
                if (!UNDERSTOOD.contains(name)) {
                    names.add(name.getId());
                }
            }
        }
        return names;
    }

    private static Instant time(String field, ASN1GeneralizedTime time) throws IOException {
        try {
            return Instant.from(TIME.parse(time.getTimeString()));
        } catch (DateTimeException e) {
            throw new IOException(field + " is not of the form YYYYMMDDHHMMSSZ", e);
        }
    }

    /** The outermost sequence. Definite lengths are DER but for the order of sets, which names get wrong at times. */
    private static ASN1Sequence sequence(byte[] der) throws IOException {
        ASN1Sequence sequence = ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(der));
        if (sequence == null || !Arrays.equals(der, sequence.getEncoded(ASN1Encoding.DL))) {
            throw new IOException("it is not in DER");
        }
        return sequence;
    }

    /** What an exception says, without anything that could disturb a log. */
    private static String printable(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.substring(0, Math.min(message.length(), 120)).replaceAll("[^\\x20-\\x7e]", "?");
    }
}
