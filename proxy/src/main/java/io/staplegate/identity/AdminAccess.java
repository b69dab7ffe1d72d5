package io.staplegate.identity;

import io.staplegate.config.AdminTlsConfig;
import io.staplegate.config.Configuration;
import io.staplegate.config.FileReference;
import io.staplegate.config.Problem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Who may come to the admin endpoint, and who it shows itself to be. Immutable. */
public final class AdminAccess {
    /** No token, no TLS. */
    public static final AdminAccess OPEN = new AdminAccess(null, null, false);

    private final @Nullable BearerToken token;
    private final @Nullable SSLContext tls;
    private final boolean asksForCertificate;

    private AdminAccess(@Nullable BearerToken token, @Nullable SSLContext tls, boolean asksForCertificate) {
        this.token = token;
        this.tls = tls;
        this.asksForCertificate = asksForCertificate;
    }

    /**
     * What came of loading.
     *
     * @param access null where there is any error
     * @param problems every error and warning
     */
    public record Loading(@Nullable AdminAccess access, List<Problem> problems) {}

    /** Reads and checks the files that {@code admin} names. */
    public static Loading load(Configuration.Admin config, Instant now) {
        Findings ofToken = new Findings("admin");
        BearerToken token = config.tokenFile() == null ? null : BearerToken.read(config.tokenFile(), ofToken);
        Findings ofTls = new Findings("admin.tls");
        SSLContext tls = config.tls() == null ? null : new AdminTlsReader(config.tls(), now, ofTls).read();
        List<Problem> problems = Stream.concat(ofToken.problems().stream(), ofTls.problems().stream())
                .toList();
        boolean isRefused = ofToken.hasError() || ofTls.hasError();
        return new Loading(isRefused ? null : new AdminAccess(token, tls, asksForCertificate(config)), problems);
    }

    private static boolean asksForCertificate(Configuration.Admin config) {
        return config.tls() != null && config.tls().trustAnchors() != null;
    }

    /** Every file that {@code admin} names: what to watch. */
    public static Set<Path> files(Configuration.Admin config) {
        Set<Path> files = new LinkedHashSet<>();
        AdminTlsConfig tls = config.tls();
        Stream.concat(
                        Stream.ofNullable(config.tokenFile()),
                        tls == null
                                ? Stream.empty()
                                : Stream.concat(
                                        Stream.of(tls.certificate(), tls.key()), Stream.ofNullable(tls.trustAnchors())))
                .map(FileReference::path)
                .forEach(files::add);
        return files;
    }

    /** Whether there is a token to be shown. */
    public boolean asksForToken() {
        return token != null;
    }

    /** Whether what somebody shows is the token. */
    public boolean isToken(String shown) {
        return token != null && token.is(shown);
    }

    /** Whether every TLS handshake asks for the certificate of a client, and fails without a good one. */
    public boolean asksForCertificate() {
        return asksForCertificate;
    }

    /** The server's side of one TLS connection; null where plain HTTP is spoken. */
    public @Nullable SSLEngine newEngine() {
        if (tls == null) {
            return null;
        }
        SSLEngine engine = tls.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(asksForCertificate);
        return engine;
    }
}
