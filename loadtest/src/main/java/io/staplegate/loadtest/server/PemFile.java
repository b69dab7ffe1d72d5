package io.staplegate.loadtest.server;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** Certificates and keys, as servers read them. */
public final class PemFile {
    private PemFile() {}

    /** One block for each object, in order. */
    public static void write(Path file, Object... objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                pem.writeObject(object);
            }
        }
        Files.writeString(file, text.toString());
    }

    /** Reads a key in PKCS#8. */
    public static PrivateKey key(Path file) throws IOException {
        try (PEMParser pem = new PEMParser(Files.newBufferedReader(file))) {
            if (pem.readObject() instanceof PrivateKeyInfo key) {
                return new JcaPEMKeyConverter().getPrivateKey(key);
            }
            throw new IOException("\"" + file + "\" holds no key in PKCS#8 and PEM");
        }
    }
}
