package io.staplegate.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How the values of each type are written in the file. */
final class Notations {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9]\\d*)");
    private static final Pattern DURATION = Pattern.compile("(?<amount>0|[1-9]\\d{0,11})(?<unit>ms|s|m|h|d)");
    private static final Pattern WORD = Pattern.compile("[^\\s\\p{Cntrl}]{1,80}");
    private static final String DURATION_FORM = "a duration like \"10s\", \"5m\", \"36h\"";
    private static final String URL_FORM = "a URL like \"http://ocsp.example\"";

    private static final Map<Class<?>, Notation> NOTATIONS = Map.ofEntries(
            entry(String.class, "a word", (text, _) -> word(text)),
            entry(boolean.class, "true or false", (text, _) -> bool(text)),
            entry(int.class, "a whole number", (text, _) -> number(text)),
            entry(Duration.class, DURATION_FORM, (text, _) -> duration(text)),
            entry(Path.class, "a file name", Notations::path),
            entry(FileReference.class, "a file name", Notations::file),
            entry(KeySource.class, "a file name or a pkcs11: URI", Notations::key),
            entry(URI.class, URL_FORM, (text, _) -> url(text)),
            entry(InetAddress.class, "an IP address", (text, _) -> AddressNotation.ipAddress(text)),
            entry(
                    SocketAddress.HostPort.class,
                    "an address like \"127.0.0.1:8883\"",
                    (text, _) -> AddressNotation.hostPort(text)),
            entry(
                    SocketAddress.class,
                    "an address like \"127.0.0.1:1883\" or \"unix:/run/broker.sock\"",
                    AddressNotation::socketAddress));

    private Notations() {}

    private static Map.Entry<Class<?>, Notation> entry(
            Class<?> type, String form, BiFunction<String, Path, Parsed<?>> reader) {
        return Map.entry(type, new Notation(form, reader));
    }

    /** The notation of a type, or null where its values are no single ones. */
    static @Nullable Notation of(Class<?> type) {
        if (type.isEnum()) {
            var words = words(type);
            return new Notation("one of " + String.join(", ", words), (text, _) -> constant(text, type, words));
        }
        return NOTATIONS.get(type);
    }

    /** The constants of an enum, as they are written. */
    static List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(Notations::written).toList();
    }

    /** A constant, as it is written. */
    static String written(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    private static Parsed<?> constant(String text, Class<?> type, List<String> words) {
        // YAML 1.1 tools write "off" as "false".
        int at = words.indexOf(text.equals("false") ? "off" : text);
        return at >= 0
                ? new Parsed.Value<>(type.getEnumConstants()[at])
                : new Parsed.Invalid<>(
                        Problem.quoted(text) + " is not one of " + String.join(", ", words),
                        Suggestion.of(text, words).orElse(null));
    }

    private static Parsed<String> word(String text) {
        return WORD.matcher(text).matches()
                ? new Parsed.Value<>(text)
                : new Parsed.Invalid<>(
                        Problem.quoted(text) + " is not a single word", "at most 80 characters, and no spaces");
    }

    private static Parsed<Boolean> bool(String text) {
        return switch (text) {
            case "true", "True", "TRUE" -> new Parsed.Value<>(true);
            case "false", "False", "FALSE" -> new Parsed.Value<>(false);
            default -> new Parsed.Invalid<>(Problem.quoted(text) + " is neither true nor false", "write true or false");
        };
    }

    private static Parsed<Integer> number(String text) {
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            return new Parsed.Invalid<>(
                    Problem.quoted(text) + " is not a whole number", "write decimal digits only, for example 1000");
        }
        try {
            return new Parsed.Value<>(Integer.valueOf(text));
        } catch (NumberFormatException _) {
            return new Parsed.Invalid<>(Problem.quoted(text) + " is out of range", null);
        }
    }

    private static Parsed<Duration> duration(String text) {
        return DURATION.matcher(text).matches()
                ? new Parsed.Value<>(durationOf(text))
                : new Parsed.Invalid<>(Problem.quoted(text) + " is not a duration", "write " + DURATION_FORM);
    }

    /** A duration that is well written. */
    static Duration durationOf(String text) {
        var duration = DURATION.matcher(text);
        if (!duration.matches()) {
            throw new IllegalArgumentException("not a duration: " + text);
        }
        long amount = Long.parseLong(duration.group("amount"));
        return switch (duration.group("unit")) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Parsed<Path> path(String text, Path folder) {
        try {
            return new Parsed.Value<>(folder.resolve(text));
        } catch (InvalidPathException _) {
            return new Parsed.Invalid<>(Problem.quoted(text) + " is not a file name", null);
        }
    }

    private static Parsed<FileReference> file(String text, Path folder) {
        return path(text, folder).map(path -> new FileReference(text, path));
    }

    private static Parsed<KeySource> key(String text, Path folder) {
        return text.startsWith("pkcs11:")
                ? new Parsed.Value<>(new KeySource.TokenKey(text))
                : file(text, folder).map(KeySource.PemKey::new);
    }

    private static Parsed<URI> url(String text) {
        var notHttp =
                new Parsed.Invalid<URI>(Problem.quoted(text) + " is not an http or https URL", "write " + URL_FORM);
        try {
            var url = new URI(text);
            if (url.getRawUserInfo() != null || url.getRawFragment() != null) {
                return new Parsed.Invalid<>("has a user name or a fragment", "write " + URL_FORM);
            }
            return isHttp(url) && url.getHost() != null && url.getPort() <= 65535 ? new Parsed.Value<>(url) : notHttp;
        } catch (URISyntaxException _) {
            return notHttp;
        }
    }

    private static boolean isHttp(URI url) {
        return "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
    }
}
