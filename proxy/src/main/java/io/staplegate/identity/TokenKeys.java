package io.staplegate.identity;

import static io.staplegate.config.Problem.quoted;

import io.staplegate.config.FileReference;
import io.staplegate.identity.TokenSlots.Slot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds a private key in a PKCS#11 token, through the JDK's provider.
 *
 * <p>That provider shows a key only where the token also holds a certificate object with the key's id, and calls it by
 * that object's label. So {@code object} is compared with that label; among what is left, the key is the one that
 * belongs to the leaf. An {@code id} is accepted, and not needed.
 */
final class TokenKeys {
    /** One for each slot, for the life of the process: a module is initialised once, and a reload adds nothing. */
    private static final Map<ModuleSlot, Provider> PROVIDERS = new HashMap<>();

    private record ModuleSlot(Path module, long slot) {}

    private final TokenUri uri;
    private final Findings findings;

    TokenKeys(TokenUri uri, Findings findings) {
        this.uri = uri;
        this.findings = findings;
    }

    /** The leaf's private key, or null where a problem was found instead. */
    @Nullable
    PrivateKey find(X509Certificate leaf) {
        Path module = module();
        char[] pin = pin();
        Slot slot = module == null || pin == null ? null : slot(module);
        if (module == null || pin == null || slot == null) {
            return null;
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS11", provider(module, slot));
            store.load(null, pin);
            return keyOf(leaf, store);
        } catch (IOException | GeneralSecurityException | ProviderException | InvalidParameterException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                error("token " + quoted(slot.label()) + " refuses the PIN", "too many wrong PINs lock a token");
            } else {
                error("token " + quoted(slot.label()) + " cannot be used (" + reason(e) + ")", null);
            }
            return null;
        }
    }

    private @Nullable Path module() {
        Path module = uri.modulePath();
        if (module == null) {
            error(quoted(uri) + " names no module", "add ?module-path= and the path of the PKCS#11 library");
            return null;
        }
        if (!Files.isRegularFile(module)) {
            error("module " + quoted(module) + " does not exist", null);
            return null;
        }
        return module;
    }

    private char @Nullable [] pin() {
        if (uri.pinSource() != null) {
            FileReference file = new FileReference(uri.pinSource().toString(), uri.pinSource());
            return TextFile.readPassword(file, "key", findings);
        }
        if (uri.pinValue() != null) {
            return uri.pinValue().toCharArray();
        }
        error(quoted(uri) + " names no PIN", "add pin-source= and the path of a file that holds it");
        return null;
    }

    private @Nullable Slot slot(Path module) {
        List<Slot> slots;
        try {
            slots = TokenSlots.of(module);
        } catch (IllegalStateException e) {
            error("module " + quoted(module) + " cannot be used (" + e.getMessage() + ")", null);
            return null;
        }
        List<Slot> meant = slots.stream().filter(this::isMeant).toList();
        if (meant.size() == 1) {
            return meant.getFirst();
        }
        String labels = slots.stream().map(slot -> quoted(slot.label())).collect(Collectors.joining(", "));
        error(
                quoted(uri) + " names " + (meant.isEmpty() ? "no token" : meant.size() + " tokens"),
                slots.isEmpty() ? "the module has none" : "the module has " + labels);
        return null;
    }

    private boolean isMeant(Slot slot) {
        return is("token", slot.label())
                && is("manufacturer", slot.manufacturer())
                && is("model", slot.model())
                && is("serial", slot.serial())
                && is("slot-id", String.valueOf(slot.id()));
    }

    private boolean is(String attribute, String value) {
        String wanted = uri.attribute(attribute);
        return wanted == null || wanted.equals(value);
    }

    /** The provider of a slot; among the JVM's providers, so that signing with a key finds it by the key. */
    private static synchronized Provider provider(Path module, Slot slot) {
        Provider known = PROVIDERS.get(new ModuleSlot(module, slot.id()));
        if (known != null) {
            return known;
        }
        Provider blank = Security.getProvider("SunPKCS11");
        if (blank == null) {
            throw new ProviderException("this Java has no PKCS#11 provider");
        }
        Provider provider = blank.configure(
                "--name=staplegate-%d\nlibrary=%s\nslot=%d\n".formatted(PROVIDERS.size(), module, slot.id()));
        Security.addProvider(provider);
        PROVIDERS.put(new ModuleSlot(module, slot.id()), provider);
        return provider;
    }

    private @Nullable PrivateKey keyOf(X509Certificate leaf, KeyStore store) throws GeneralSecurityException {
        List<String> labels = new ArrayList<>();
        for (String label : Collections.list(store.aliases())) {
            if (store.isKeyEntry(label)) {
                labels.add(label);
            }
        }
        String wanted = uri.attribute("object");
        List<String> meant = labels.stream()
                .filter(label -> wanted == null || isLabel(label, wanted))
                .toList();
        for (String label : meant) {
            if (store.getCertificate(label).getPublicKey().equals(leaf.getPublicKey())) {
                return (PrivateKey) store.getKey(label, null);
            }
        }
        if (wanted != null && !meant.isEmpty()) {
            error(quoted(uri) + " does not match the certificate (public keys differ)", null);
        } else {
            error(
                    quoted(uri) + " names no key that the token shows",
                    "a key shows only beside a certificate object with its id: write one with pkcs11-tool"
                            + " --write-object leaf.der --type cert --id ID --label LABEL");
        }
        return null;
    }

    /** The JDK appends issuer and serial number where several certificates have one label. */
    private static boolean isLabel(String label, String wanted) {
        return label.equals(wanted) || label.startsWith(wanted + "/");
    }

    /** The module's own word, such as {@code CKR_PIN_LOCKED}, which the JDK wraps several times. */
    private static @Nullable String reason(Throwable failure) {
        return failure.getCause() == null ? failure.getMessage() : reason(failure.getCause());
    }

    private void error(String message, @Nullable String hint) {
        findings.error("key", message, hint);
    }
}
