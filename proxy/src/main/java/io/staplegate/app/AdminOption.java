package io.staplegate.app;

import io.staplegate.identity.BearerToken;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that name the admin endpoint of a running proxy, and what is shown to it; subcommands have them, too. */
final class AdminOption {
    @Option(
            names = "--admin",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            defaultValue = "${env:STAPLEGATE_ADMIN:-http://127.0.0.1:9464}",
            description = {
                "The proxy's admin endpoint: http://HOST:PORT, https://HOST:PORT or unix:/PATH",
                "(default: STAPLEGATE_ADMIN, or http://127.0.0.1:9464)."
            })
    private String address = "";

    @Option(
            names = "--token-file",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            defaultValue = "${env:STAPLEGATE_ADMIN_TOKEN_FILE}",
            description = "The token to show (default: the file that STAPLEGATE_ADMIN_TOKEN_FILE names, or none).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--admin-ca",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            defaultValue = "${env:STAPLEGATE_ADMIN_CA}",
            description = "The CA of an https endpoint, in PEM (default: STAPLEGATE_ADMIN_CA, or what Java trusts).")
    private @Nullable Path ca;

    @Option(
            names = "--admin-cert",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            defaultValue = "${env:STAPLEGATE_ADMIN_CERT}",
            description = "The certificate to show to an https endpoint, in PEM (default: STAPLEGATE_ADMIN_CERT).")
    private @Nullable Path certificate;

    @Option(
            names = "--admin-key",
            scope = ScopeType.INHERIT,
            paramLabel = "FILE",
            defaultValue = "${env:STAPLEGATE_ADMIN_KEY}",
            description = "Its key, in PEM (default: STAPLEGATE_ADMIN_KEY).")
    private @Nullable Path key;

    AdminClient client() throws CommandFailure {
        return new AdminClient(AdminLink.to(address, new AdminTrust(ca, certificate, key)), token());
    }

    private @Nullable BearerToken token() throws CommandFailure {
        if (tokenFile == null) {
            return null;
        }
        try {
            return BearerToken.read(tokenFile);
        } catch (IOException e) {
            String reason = CommandFailure.reason(e);
            throw new CommandFailure(Exit.USAGE, "cannot read \"" + tokenFile + "\" (" + reason + ")", null);
        }
    }
}
