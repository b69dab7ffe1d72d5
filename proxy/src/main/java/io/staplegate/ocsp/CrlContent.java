package io.staplegate.ocsp;

import io.staplegate.ocsp.Verdict.Code;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1StreamParser;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.ASN1TaggedObjectParser;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.DLSequenceParser;
import org.bouncycastle.asn1.InMemoryRepresentable;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extensions;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a tbsCertList in the order in which they come (RFC 5280 §5.1). Used once, by one thread, each method
 * after the one before it. Verifies nothing. Each throws IOException, or a RuntimeException of Bouncy Castle's, where
 * something is malformed.
 */
final class CrlContent {
    /** Of everything but the list of entries. */
    private static final int LARGEST_ELEMENT = 64 * 1024;

    private static final int EXTENSIONS = 0;
    private static final int DIGITS_OF_TIME = 14;

    private final CrlInput input;
    private final DLSequenceParser content;
    private final AlgorithmIdentifier algorithm;
    private final X500Principal issuer;
    private @Nullable ASN1Encodable next;

    /** From when on and until when a list holds. */
    record Validity(Instant thisUpdate, @Nullable Instant nextUpdate) {}

    /** What is around the content. */
    record Outer(CrlInput input, DLSequenceParser list, CrlContent content) {
        /** Behind the extensions. */
        void endContent() throws IOException {
            input.endSigned();
            input.allow(LARGEST_ELEMENT);
        }

        AlgorithmIdentifier algorithm() throws IOException {
            return AlgorithmIdentifier.getInstance(loaded(list.readObject()));
        }

        ASN1BitString signature() throws IOException {
            return ASN1BitString.getInstance(loaded(list.readObject()));
        }

        /** Nothing may follow. */
        void end() throws IOException {
            if (list.readObject() != null || input.read() >= 0) {
                throw new IOException("there is something behind the signature");
            }
        }
    }

    /** Reads the head: all before thisUpdate. */
    private CrlContent(CrlInput input, DLSequenceParser content) throws IOException {
        this.input = input;
        this.content = content;
        ASN1Encodable first = content.readObject();
        if (first instanceof ASN1Integer version) {
            if (version.intValueExact() != 1) {
                throw new IOException("its version is not 2");
            }
            first = content.readObject();
        }
        algorithm = AlgorithmIdentifier.getInstance(loaded(first));
        issuer = new X500Principal(loaded(content.readObject()).getEncoded());
    }

    /** Begins to read a list. */
    static Outer open(CrlInput input) throws IOException {
        input.allow(LARGEST_ELEMENT);
        DLSequenceParser list = sequence(new ASN1StreamParser(input, LARGEST_ELEMENT).readObject());
        input.beginSigned();
        return new Outer(input, list, new CrlContent(input, sequence(list.readObject())));
    }

    AlgorithmIdentifier algorithm() {
        return algorithm;
    }

    X500Principal issuer() {
        return issuer;
    }

    Validity validity() throws IOException {
        input.allow(LARGEST_ELEMENT);
        Instant thisUpdate = Instant.ofEpochSecond(seconds(content.readObject()));
        next = content.readObject();
        if (!(next instanceof ASN1UTCTime) && !(next instanceof ASN1GeneralizedTime)) {
            return new Validity(thisUpdate, null);
        }
        Instant nextUpdate = Instant.ofEpochSecond(seconds(next));
        next = content.readObject();
        return new Validity(thisUpdate, nextUpdate);
    }

    /** All entries. {@code mostBytes}: that they may take in memory. */
    RevokedSerials.Collector entries(long mostBytes) throws IOException, CrlRefused {
        RevokedSerials.Collector serials = new RevokedSerials.Collector();
        if (!(next instanceof DLSequenceParser entries)) {
            return serials;
        }
        input.allow(LARGEST_ELEMENT);
        ASN1Encodable entry = entries.readObject();
        while (entry != null) {
            add(sequence(entry), serials);
            if (serials.bytes() > mostBytes) {
                throw new CrlRefused(Code.OVERSIZE, "it has more entries than there is memory for");
            }
            input.allow(LARGEST_ELEMENT);
            entry = entries.readObject();
        }
        next = content.readObject();
        return serials;
    }

    /** What is behind the entries. */
    CrlExtensions extensions() throws IOException {
        if (next == null) {
            return CrlExtensions.NONE;
        }
        if (!(next instanceof ASN1TaggedObjectParser tagged) || !tagged.hasContextTag(EXTENSIONS)) {
            throw new IOException("there is something else than extensions");
        }
        ASN1TaggedObject loaded = (ASN1TaggedObject) tagged.getLoadedObject();
        if (content.readObject() != null) {
            throw new IOException("there is something behind the extensions");
        }
        return CrlExtensions.of(Extensions.getInstance(loaded, true));
    }

    private static void add(DLSequenceParser entry, RevokedSerials.Collector serials) throws IOException, CrlRefused {
        byte[] serial = ((ASN1Integer) entry.readObject()).getValue().toByteArray();
        if (serial.length > RevokedSerials.LONGEST) {
            throw new CrlRefused(Code.UNSUPPORTED, "there is a serial of " + serial.length + " bytes");
        }
        long since = seconds(entry.readObject());
        RevocationReason reason = RevocationReason.UNSPECIFIED;
        ASN1Encodable last = entry.readObject();
        if (last != null) {
            Extensions extensions = Extensions.getInstance(loaded(last));
            for (String name : CrlExtensions.notUnderstoodOfEntry(extensions)) {
                throw new CrlRefused(
                        Code.UNSUPPORTED, "the critical extension " + name + " of an entry is not understood");
            }
            reason = CrlExtensions.reason(extensions);
            if (entry.readObject() != null) {
                throw new IOException("there is something behind the extensions of an entry");
            }
        }
        serials.add(serial, reason, since);
    }

    private static DLSequenceParser sequence(@Nullable ASN1Encodable element) throws IOException {
        if (element instanceof DLSequenceParser sequence) {
            return sequence;
        }
        throw new IOException("there is something else than a sequence in DER");
    }

    private static ASN1Primitive loaded(@Nullable ASN1Encodable element) throws IOException {
        if (element instanceof InMemoryRepresentable parser) {
            return parser.getLoadedObject();
        }
        throw new IOException("an element is missing");
    }

    /** Since 1970. Millions of times are read: the JDK's formats take ten times as long. */
    private static long seconds(@Nullable ASN1Encodable time) throws IOException {
        String text = switch (time) {
            case ASN1UTCTime utc -> utc.getAdjustedTime();
            case ASN1GeneralizedTime generalized -> generalized.getTime();
            case null, default -> throw new IOException("a time is missing");
        };
        if (!text.endsWith("GMT+00:00") || text.length() != DIGITS_OF_TIME + "GMT+00:00".length()) {
            throw new IOException("a time is not in DER");
        }
        try {
            return LocalDateTime.of(
                            number(text, 0, 4),
                            number(text, 4, 6),
                            number(text, 6, 8),
                            number(text, 8, 10),
                            number(text, 10, 12),
                            number(text, 12, 14))
                    .toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IOException("a time is none", e);
        }
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
