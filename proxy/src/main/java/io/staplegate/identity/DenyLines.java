package io.staplegate.identity;

import static io.staplegate.identity.Findings.quote;

import io.staplegate.config.FileReference;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a deny list, judged one after the other: {@code serial:HEX issuer:DN} (RFC 4514), {@code sha256:HEX}, or
 * {@code name:TEXT}. A comment begins with {@code #}.
 */
final class DenyLines {
    private static final int MOST_FINDINGS = 20;

    /** With or without colons, as OpenSSL prints it in one place and in the other. */
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]+(:[0-9a-fA-F]+)*");

    private static final String SERIAL = "serial:";
    private static final String ISSUER = "issuer:";
    private static final String SHA256 = "sha256:";
    private static final String NAME = "name:";

    private final FileReference file;
    private final Findings findings;
    private final Set<DenyList.Numbered> numbers = new HashSet<>();
    private final Set<Fingerprint> fingerprints = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private int line;
    private int errors;

    DenyLines(FileReference file, Findings findings) {
        this.file = file;
        this.findings = findings;
    }

    /** That of all lines that are right. */
    DenyList list() {
        if (errors > MOST_FINDINGS) {
            findings.error(
                    "denyList", quote(file) + " has " + (errors - MOST_FINDINGS) + " more lines that are wrong", null);
        }
        return new DenyList(numbers, fingerprints, names);
    }

    /** The next line. */
    void add(String written) {
        line++;
        String text = written.strip();
        if (text.isEmpty() || text.startsWith("#")) {
            return;
        }
        if (text.contains(" #")) {
            findings.warning(
                    "denyList",
                    "line " + line + " of " + quote(file) + " has \" #\" in it, which counts as a part of its name",
                    "a comment needs a line of its own");
        }
        if (text.indexOf('\uFFFD') >= 0) {
            error("is not UTF-8", "save the file as UTF-8");
        } else if (text.startsWith(SERIAL)) {
            addNumber(text.substring(SERIAL.length()).strip());
        } else if (text.startsWith(SHA256)) {
            addFingerprint(text.substring(SHA256.length()).strip());
        } else if (text.startsWith(NAME)) {
            addName(text.substring(NAME.length()).strip());
        } else {
            error(
                    "begins with none of \"serial:\", \"sha256:\" and \"name:\"",
                    "a line is \"serial:HEX issuer:DN\", \"sha256:HEX\" or \"name:TEXT\"");
        }
    }

    private void addNumber(String text) {
        int space = text.indexOf(' ');
        String serial = space < 0 ? text : text.substring(0, space);
        String rest = space < 0 ? "" : text.substring(space).strip();
        if (!HEX.matcher(serial).matches()) {
            error("has a serial that is not hex", "as \"openssl x509 -serial\" prints it");
        } else if (!rest.startsWith(ISSUER)) {
            error("has a serial and no issuer", "behind the serial: \"issuer:\", and the CA's name");
        } else {
            addNumber(serial, rest.substring(ISSUER.length()).strip());
        }
    }

    private void addNumber(String serial, String issuer) {
        try {
            X500Principal name = new X500Principal(issuer);
            numbers.add(new DenyList.Numbered(new BigInteger(digits(serial), 16), name));
        } catch (IllegalArgumentException e) {
            error(
                    "has an issuer that is no distinguished name",
                    "as \"openssl x509 -issuer -nameopt RFC2253\" prints it: \"CN=Devices CA,O=Example\"");
        }
    }

    private void addFingerprint(String hex) {
        try {
            fingerprints.add(Fingerprint.parse(HEX.matcher(hex).matches() ? digits(hex) : hex));
        } catch (IllegalArgumentException e) {
            error(
                    "has a fingerprint that is not 64 hex digits",
                    "as \"openssl x509 -fingerprint -sha256\" prints it, with or without colons");
        }
    }

    private void addName(String name) {
        if (name.isEmpty()) {
            error("has no name behind \"name:\"", null);
        } else {
            names.add(name);
        }
    }

    private static String digits(String hex) {
        return hex.replace(":", "").toLowerCase(Locale.ROOT);
    }

    private void error(String what, @Nullable String hint) {
        errors++;
        if (errors <= MOST_FINDINGS) {
            findings.error("denyList", "line " + line + " of " + quote(file) + " " + what, hint);
        }
    }
}
