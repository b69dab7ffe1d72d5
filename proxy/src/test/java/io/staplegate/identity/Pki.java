package io.staplegate.identity;

import io.staplegate.config.AccessLogConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.DevicesConfig;
import io.staplegate.config.FileReference;
import io.staplegate.config.IdentityConfig;
import io.staplegate.config.IdentityConfig.OnRevoked;
import io.staplegate.config.IdentityConfig.Stapling;
import io.staplegate.config.IdentityConfig.StatusScope;
import io.staplegate.config.KeySource;
import io.staplegate.config.ListenerConfig;
import io.staplegate.config.LogConfig;
import io.staplegate.config.OcspConfig;
import io.staplegate.config.SocketAddress.HostPort;
import io.staplegate.demo.Authority;
import io.staplegate.demo.Issuance;
import io.staplegate.testing.DtlsDefaults;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.jspecify.annotations.Nullable;

/** A root, an intermediate below it, and what is made of them in a folder: files and configurations. */
final class Pki {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    static final Duration LIFETIME = Duration.ofDays(7300);
    static final URI RESPONDER = URI.create("http://ocsp.example/");

    final Path folder;
    final Authority root = Authority.root("Root", START, LIFETIME);
    final Authority intermediate = root.intermediate(
            Issuance.named("Intermediate").valid(START, LIFETIME).responders(RESPONDER));

    Pki(Path folder) {
        this.folder = folder;
    }

    /** A server's certificate that nothing is wrong with, to be altered. */
    static Issuance server(String... names) {
        return Issuance.named("gateway")
                .valid(START, LIFETIME)
                .names(names)
                .serverAuth()
                .responders(RESPONDER);
    }

    X509Certificate issue(Issuance issuance, KeyPair keys) {
        return intermediate.issue(issuance, keys.getPublic());
    }

    /** An identity of files: leaf, intermediate and key, with the root as the issuer. */
    IdentityConfig identity(String name, KeyPair keys, Issuance issuance) {
        write("root.pem", root.certificate());
        write(name + ".pem", issue(issuance, keys), intermediate.certificate());
        writeSecret(name + ".key", pem(keys.getPrivate()));
        return config(name, name + ".pem", name + ".key");
    }

    IdentityConfig config(String name, String certificate, String key) {
        return new IdentityConfig(
                name,
                file(certificate),
                new KeySource.PemKey(file(key)),
                null,
                file("root.pem"),
                Stapling.AUTO,
                StatusScope.CHAIN,
                OnRevoked.STAPLE,
                List.of(),
                List.of());
    }

    FileReference file(String name) {
        return new FileReference(name, folder.resolve(name));
    }

    void write(String name, X509Certificate... certificates) {
        writeText(name, pem((Object[]) certificates));
    }

    void writeText(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void writeSecret(String name, String text) {
        writeText(name, text);
        try {
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Certificates and keys in PEM; private keys as PKCS#8. */
    static String pem(Object... objects) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object instanceof PrivateKey key ? new JcaPKCS8Generator(key, null) : object);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static Configuration configuration(IdentityConfig... identities) {
        return configuration(List.of(identities), List.of(), null);
    }

    static Configuration configuration(
            List<IdentityConfig> identities, List<ListenerConfig> listeners, @Nullable URI upstream) {
        Duration second = Duration.ofSeconds(1);
        return new Configuration(
                identities,
                List.of(),
                listeners,
                new OcspConfig(
                        OcspConfig.CertIdHash.SHA1,
                        second,
                        second,
                        second,
                        second,
                        second,
                        second,
                        1,
                        1,
                        1,
                        second,
                        null,
                        null,
                        upstream),
                new DevicesConfig(null, null, 32),
                new Configuration.State(Path.of("state")),
                null,
                new Configuration.Admin(new HostPort("127.0.0.1", 0), null, null),
                new AccessLogConfig(AccessLogConfig.Format.OFF, null),
                new LogConfig(LogConfig.Format.TEXT, null),
                new Configuration.Shutdown(second));
    }

    static ListenerConfig listener(String name, boolean strictSni, String... identities) {
        return new ListenerConfig(
                name,
                new HostPort("127.0.0.1", 0),
                ListenerConfig.Protocol.TLS,
                List.of(identities),
                "backend",
                strictSni,
                List.of(),
                Duration.ofSeconds(10),
                null,
                1,
                0,
                null,
                DtlsDefaults.DTLS);
    }
}
