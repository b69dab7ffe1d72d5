package io.staplegate.config;

/** Where a private key is: in a PEM file, or in a PKCS#11 token. */
public sealed interface KeySource {
    /** The key as the user wrote it, for messages. */
    String written();

    /** A PKCS#8 (also encrypted), SEC1 or PKCS#1 key in PEM. */
    record PemKey(FileReference file) implements KeySource {
        @Override
        public String written() {
            return file.written();
        }
    }

    /**
     * A key in a token.
     *
     * @param uri {@code pkcs11:} (RFC 7512), with {@code module-path}, and {@code pin-source} or {@code pin-value}
     */
    record TokenKey(String uri) implements KeySource {
        /** The URI without its PIN, which must reach neither a message nor a log. */
        @Override
        public String written() {
            return uri.replaceAll("pin-value=[^&;]*", "pin-value=…");
        }

        @Override
        public String toString() {
            return "TokenKey[" + written() + "]";
        }
    }
}
