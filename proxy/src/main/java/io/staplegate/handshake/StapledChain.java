package io.staplegate.handshake;

import io.staplegate.staple.ChainStaples;
import io.staplegate.staple.Staple;
import io.staplegate.telemetry.Telemetry.StapleKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Objects;
import java.util.Vector;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateStatus;
import org.bouncycastle.tls.CertificateStatusType;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.jspecify.annotations.Nullable;

/** A chain with its staples in every form in which the engine sends them, made once for each change of a staple. */
final class StapledChain {
    /** The extensions of a CertificateEntry are a vector of at most 65,535 bytes; beside the response there are 8. */
    private static final int LARGEST_IN_ENTRY = 65_535 - 8;

    private final ChainStaples source;
    private final Certificate each13;
    private final Certificate leaf13;
    private final @Nullable CertificateStatus leaf;
    private final @Nullable CertificateStatus list;
    private final StapleKind each13Kind;
    private final StapleKind leaf13Kind;
    private final StapleKind leafKind;
    private final StapleKind listKind;

    /**
     * Prepares a chain.
     *
     * @param needing how many certificates of the chain, from the leaf on, can have a staple at all
     */
    StapledChain(List<TlsCertificate> chain, int needing, ChainStaples source) {
        this.source = source;
        List<@Nullable OCSPResponse> responses = new ArrayList<>();
        List<@Nullable OCSPResponse> fitting = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            Staple staple = i < source.staples().size() ? source.staples().get(i) : null;
            OCSPResponse response = staple == null ? null : new SentResponse(staple.dressed());
            responses.add(response);
            fitting.add(staple == null || staple.dressed().length > LARGEST_IN_ENTRY ? null : response);
        }
        OCSPResponse first = responses.getFirst();
        this.each13 = certificates13(chain, fitting);
        this.leaf13 = certificates13(chain, fitting.subList(0, 1));
        this.leaf = first == null ? null : new CertificateStatus(CertificateStatusType.ocsp, first);
        this.list = first == null ? null : multi(responses);
        this.each13Kind = kind(fitting, needing);
        this.leaf13Kind = kind(fitting.subList(0, 1), needing);
        this.leafKind = kind(responses.subList(0, 1), needing);
        this.listKind = kind(responses, needing);
    }

    ChainStaples source() {
        return source;
    }

    /** The Certificate message of TLS 1.3, staples in it; null where the request is not of TLS 1.3. */
    @Nullable
    Certificate certificates13(StatusRequest request) {
        return switch (request) {
            case EACH -> each13;
            case LEAF_13 -> leaf13;
            case NOTHING, LEAF, LEAF_V2, CHAIN_V2 -> null;
        };
    }

    /** The CertificateStatus message of TLS 1.2, or null where there is nothing to send (R25). */
    @Nullable
    CertificateStatus message(StatusRequest request) {
        return switch (request) {
            case NOTHING, EACH, LEAF_13 -> null;
            case LEAF, LEAF_V2 -> leaf;
            case CHAIN_V2 -> list;
        };
    }

    /** What the client gets. */
    StapleKind kind(StatusRequest request) {
        return switch (request) {
            case NOTHING -> StapleKind.NOT_REQUESTED;
            case EACH -> each13Kind;
            case LEAF_13 -> leaf13Kind;
            case LEAF, LEAF_V2 -> leafKind;
            case CHAIN_V2 -> listKind;
        };
    }

    private static StapleKind kind(List<@Nullable OCSPResponse> sent, int needing) {
        if (sent.getFirst() == null) {
            return StapleKind.NONE;
        }
        return sent.stream().filter(Objects::nonNull).count() >= needing ? StapleKind.CHAIN : StapleKind.LEAF;
    }

    /** A staple beside each certificate that has one (R30). */
    private static Certificate certificates13(List<TlsCertificate> chain, List<@Nullable OCSPResponse> staples) {
        CertificateEntry[] entries = new CertificateEntry[chain.size()];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new CertificateEntry(chain.get(i), extensions(i < staples.size() ? staples.get(i) : null));
        }
        return new Certificate(TlsUtils.EMPTY_BYTES, entries);
    }

    private static @Nullable Hashtable<Integer, byte[]> extensions(@Nullable OCSPResponse response) {
        if (response == null) {
            return null;
        }
        ByteArrayOutputStream status = new ByteArrayOutputStream();
        try {
            new CertificateStatus(CertificateStatusType.ocsp, response).encode(status);
        } catch (IOException e) {
            throw new UncheckedIOException("a response has less than 2^24 bytes", e);
        }
        return EngineCollections.extension(TlsExtensionsUtils.EXT_status_request, status.toByteArray());
    }

    /** In certificate order; one without a staple is a zero-length entry (R28), at the end not even that. */
    private static CertificateStatus multi(List<@Nullable OCSPResponse> responses) {
        Vector<@Nullable OCSPResponse> list = EngineCollections.vector(responses);
        while (list.getLast() == null) {
            list.removeLast();
        }
        return new CertificateStatus(CertificateStatusType.ocsp_multi, list);
    }
}
