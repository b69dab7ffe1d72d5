package io.staplegate.identity;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The DER in a file of any size that may be PEM, without holding it in memory. */
public final class PemInput {
    private static final int BUFFER = 64 * 1024;

    /** What DER begins with: a SEQUENCE. */
    private static final int SEQUENCE = 0x30;

    /** Of the text ahead of the block, and behind it. */
    private static final int MOST_AROUND = 64 * 1024;

    private PemInput() {}

    /**
     * Opens a file: one PEM block, with text ahead of it or not, or DER.
     *
     * @param label of the block: {@code X509 CRL}
     */
    public static InputStream open(Path file, String label) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            in.mark(1);
            int first = in.read();
            in.reset();
            if (first == SEQUENCE) {
                return in;
            }
            skipPast(in, "-----BEGIN " + label + "-----");
            return new OnlyBlock(in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static void skipPast(InputStream in, String wanted) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < MOST_AROUND; i++) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            if (next != '\n') {
                line.append((char) next);
            } else if (line.toString().strip().equals(wanted)) {
                return;
            } else {
                line.setLength(0);
            }
        }
        throw new IOException("there is neither DER nor \"" + wanted + "\"");
    }

    /** What is encoded in a block. It may be the only one: nobody would notice that the others count for nothing. */
    private static final class OnlyBlock extends FilterInputStream {
        private final InputStream text;

        OnlyBlock(InputStream text) {
            super(Base64.getMimeDecoder().wrap(new Lines(text)));
            this.text = text;
        }

        @Override
        public int read() throws IOException {
            return checked(super.read());
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return checked(super.read(target, offset, length));
        }

        private int checked(int result) throws IOException {
            if (result < 0) {
                String rest = new String(text.readNBytes(MOST_AROUND), StandardCharsets.US_ASCII);
                if (rest.contains("-----BEGIN ")) {
                    throw new IOException("there is more than one PEM block");
                }
            }
            return result;
        }
    }

    /** The lines of a block: up to a dash. */
    private static final class Lines extends InputStream {
        private final InputStream text;
        private boolean ended;

        Lines(InputStream text) {
            this.text = text;
        }

        @Override
        public int read() throws IOException {
            int next = ended ? -1 : text.read();
            ended = next < 0 || next == '-';
            return ended ? -1 : next;
        }

        /** A byte at a time, as the decoder asks: what is behind the dash is not for it. */
        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int next = length == 0 ? -1 : read();
            if (next >= 0) {
                target[offset] = (byte) next;
                return 1;
            }
            return length == 0 ? 0 : -1;
        }

        @Override
        public void close() throws IOException {
            text.close();
        }
    }
}
