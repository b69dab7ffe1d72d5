package io.staplegate.loadtest.crl;

import io.staplegate.demo.Authority;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Date;
import java.util.SplittableRandom;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.BERTags;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A list with random serials of 20 bytes, written entry by entry: there is no builder that does not hold it as objects.
 *
 * @param authority has a P-256 key
 * @param entries with a reason each, in no order
 * @param also one more serial that is on it, of any length
 */
record LargeCrl(Authority authority, int entries, int number, Instant thisUpdate, Instant nextUpdate, BigInteger also) {
    private static final int SEQUENCE = BERTags.SEQUENCE | BERTags.CONSTRUCTED;
    private static final int SERIAL_BYTES = 20;

    /** The serial of an entry: the same in all lists. */
    static BigInteger serial(long entry) {
        byte[] bytes = new byte[SERIAL_BYTES];
        new SplittableRandom(entry).nextBytes(bytes);
        bytes[0] = (byte) ((bytes[0] & 0x7f) | 0x40); // positive, and never shorter
        return new BigInteger(bytes);
    }

    /** Writes it, and signs it on the way. */
    void write(Path file) throws IOException {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        byte[] head = joined(
                new ASN1Integer(1),
                algorithm,
                X500Name.getInstance(
                        authority.certificate().getSubjectX500Principal().getEncoded()),
                new DERUTCTime(Date.from(thisUpdate)),
                new DERUTCTime(Date.from(nextUpdate)));
        byte[] extra = entry(also);
        long entriesLength = (long) entries * entry(serial(0)).length + extra.length;
        byte[] tail = joined(new DERTaggedObject(true, 0, numbered()));
        byte[] entriesHead = header(SEQUENCE, entriesLength);
        long contentLength = head.length + entriesHead.length + entriesLength + tail.length;
        byte[] contentHead = header(SEQUENCE, contentLength);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(authority.keys().getPrivate());
            // The signature's length, which is not always the same, is needed ahead of what is signed.
            Path content = file.resolveSibling(file.getFileName() + ".content");
            try (OutputStream to = new BufferedOutputStream(Files.newOutputStream(content), 1 << 16)) {
                write(to, signature, contentHead);
                write(to, signature, head);
                write(to, signature, entriesHead);
                for (int i = 0; i < entries; i++) {
                    write(to, signature, entry(serial(i)));
                }
                write(to, signature, extra);
                write(to, signature, tail);
            }
            byte[] end = joined(algorithm, new DERBitString(signature.sign()));
            out.write(header(SEQUENCE, contentHead.length + contentLength + end.length));
            Files.copy(content, out);
            out.write(end);
            Files.delete(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign a list", e);
        }
    }

    private byte[] entry(BigInteger serial) throws IOException {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.reasonCode, false, CRLReason.lookup(CRLReason.keyCompromise));
        return new DERSequence(new ASN1Encodable[] {
                    new ASN1Integer(serial), new DERUTCTime(Date.from(thisUpdate)), extensions.generate()
                })
                .getEncoded(ASN1Encoding.DER);
    }

    private ASN1Encodable numbered() throws IOException {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
        return extensions.generate();
    }

    private static void write(OutputStream out, Signature signature, byte[] bytes)
            throws IOException, GeneralSecurityException {
        out.write(bytes);
        signature.update(bytes);
    }

    private static byte[] joined(ASN1Encodable... elements) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ASN1Encodable element : elements) {
            out.write(element.toASN1Primitive().getEncoded(ASN1Encoding.DER));
        }
        return out.toByteArray();
    }

    /** A tag, and a length in DER (X.690 §8.1.3 and §10.1). */
    private static byte[] header(int tag, long length) {
        if (length < 0x80) {
            return new byte[] {(byte) tag, (byte) length};
        }
        byte[] digits = BigInteger.valueOf(length).toByteArray();
        int start = digits[0] == 0 ? 1 : 0;
        byte[] header = new byte[2 + digits.length - start];
        header[0] = (byte) tag;
        header[1] = (byte) (0x80 | (digits.length - start));
        System.arraycopy(digits, start, header, 2, digits.length - start);
        return header;
    }
}
