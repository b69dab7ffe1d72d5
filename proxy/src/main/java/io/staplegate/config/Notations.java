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
import java.util.Objects;
import java.util.regex.Pattern;

/** How the values of each type are written in the file. */
final class Notations {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?(0|[1-9]\\d*)");
    private static final Pattern DURATION = Pattern.compile("(?<amount>0|[1-9]\\d{0,11})(?<unit>ms|s|m|h|d)");
    private static final Pattern WORD = Pattern.compile("[^\\s\\p{Cntrl}]{1,255}");
    private static final String DURATION_FORM = "a duration like \"10s\", \"5m\", \"36h\"";
    private static final String URL_FORM = "a URL like \"http://ocsp.example\"";

    private final Path folder;
    private final Map<Class<?>, Notation> notations;

    /**
     * The notations of one file.
     *
     * @param folder what relative file names start from
     */
    Notations(Path folder) {
        this.folder = folder;
        this.notations = Map.ofEntries(
                Map.entry(String.class, new Notation("a word", Notations::word)),
                Map.entry(boolean.class, new Notation("true or false", Notations::bool)),
                Map.entry(int.class, new Notation("a whole number", Notations::number)),
                Map.entry(Duration.class, new Notation(DURATION_FORM, Notations::duration)),
                Map.entry(Path.class, new Notation("a file name", this::path)),
                Map.entry(FileReference.class, new Notation("a file name", this::file)),
                Map.entry(KeySource.class, new Notation("a file name or a pkcs11: URI", this::key)),
                Map.entry(URI.class, new Notation(URL_FORM, Notations::url)),
                Map.entry(InetAddress.class, new Notation("an IP address", AddressNotation::ipAddress)),
                Map.entry(
                        SocketAddress.HostPort.class,
                        new Notation("an address like \"127.0.0.1:8883\"", AddressNotation::hostPort)),
                Map.entry(
                        SocketAddress.class,
                        new Notation(
                                "an address like \"127.0.0.1:1883\" or \"unix:/run/broker.sock\"",
                                text -> AddressNotation.socketAddress(text, folder))));
    }

    /** Whether values of a type are written as a single value. */
    boolean covers(Class<?> type) {
        return type.isEnum() || notations.containsKey(type);
    }

    /** The notation of a type that is {@link #covers covered}. */
    Notation of(Class<?> type) {
        if (type.isEnum()) {
            var words = words(type);
            return new Notation("one of " + String.join(", ", words), text -> constant(text, type, words));
        }
        return Objects.requireNonNull(notations.get(type), type::getName);
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
                        Problem.quoted(text) + " is not known here", Suggestion.hint(text, words, "write one of"));
    }

    private static Parsed<String> word(String text) {
        return WORD.matcher(text).matches()
                ? new Parsed.Value<>(text)
                : new Parsed.Invalid<>(
                        Problem.quoted(text) + " is not a single word", "at most 255 characters, and no spaces");
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

    private Parsed<Path> path(String text) {
        try {
            return new Parsed.Value<>(folder.resolve(text));
        } catch (InvalidPathException _) {
            return new Parsed.Invalid<>(Problem.quoted(text) + " is not a file name", null);
        }
    }

    private Parsed<FileReference> file(String text) {
        return path(text).map(path -> new FileReference(text, path));
    }

    private Parsed<KeySource> key(String text) {
        return text.startsWith("pkcs11:")
                ? new Parsed.Value<>(new KeySource.TokenKey(text))
                : file(text).map(KeySource.PemKey::new);
    }

    private static Parsed<URI> url(String text) {
        var wrong = new Parsed.Invalid<URI>(Problem.quoted(text) + " is not an http or https URL", "write " + URL_FORM);
        try {
            var url = new URI(text);
            var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            boolean fetchable = (scheme.equals("http") || scheme.equals("https"))
                    && url.getHost() != null
                    && url.getPort() <= 65535
                    && url.getRawUserInfo() == null
                    && url.getRawFragment() == null;
            return fetchable ? new Parsed.Value<>(url) : wrong;
        } catch (URISyntaxException _) {
            return wrong;
        }
    }
}
