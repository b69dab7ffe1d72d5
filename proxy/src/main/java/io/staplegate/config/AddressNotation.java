package io.staplegate.config;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** How addresses are written: {@code host:port}, {@code [v6]:port}, {@code unix:/path}. */
final class AddressNotation {
    private static final Pattern HOST_PORT =
            Pattern.compile("(?:\\[(?<v6>[^\\]]*)]|(?<host>[^:\\[\\]]*)):(?<port>[^:]*)");
    private static final Pattern HOST_NAME = Pattern.compile("[\\p{L}\\p{N}_]([\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_.])?");
    private static final Pattern DIGITS = Pattern.compile("[\\d.]+");
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}");
    private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");
    /** {@code sun_path} on Linux, less its final zero. */
    private static final int LONGEST_UNIX_PATH = 107;

    private static final String EXAMPLE = "write host:port, for example \"127.0.0.1:8883\" or \"[::1]:8883\"";

    private AddressNotation() {}

    /** An address that may also be a Unix socket; its path is resolved against a folder. */
    static Parsed<SocketAddress> socketAddress(String text, Path folder) {
        if (!text.startsWith("unix:")) {
            return hostPort(text).map(address -> address);
        }
        try {
            var path = folder.resolve(text.substring("unix:".length()));
            if (path.equals(folder)) {
                return new Parsed.Invalid<>(Problem.quoted(text) + " has no path", "write unix:/path/to/socket");
            }
            if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_UNIX_PATH) {
                return new Parsed.Invalid<>(
                        Problem.quoted(text) + " is too long for a socket's path",
                        "at most " + LONGEST_UNIX_PATH + " bytes");
            }
            return new Parsed.Value<>(new SocketAddress.UnixPath(path));
        } catch (InvalidPathException _) {
            return new Parsed.Invalid<>(Problem.quoted(text) + " is not a file name", null);
        }
    }

    static Parsed<SocketAddress.HostPort> hostPort(String text) {
        var quoted = Problem.quoted(text);
        if (text.contains("://") || text.startsWith("unix:")) {
            var kind = text.startsWith("unix:") ? " is a Unix socket" : " is a URL";
            return new Parsed.Invalid<>(quoted + kind + ", not host and port", EXAMPLE);
        }
        var address = HOST_PORT.matcher(text);
        if (!address.matches()) {
            boolean onlyPort = PORT.matcher(text).matches();
            return new Parsed.Invalid<>(quoted + (onlyPort ? " has no host" : " is not host and port"), EXAMPLE);
        }
        var port = address.group("port");
        if (!PORT.matcher(port).matches() || Integer.parseInt(port) > 65535) {
            return new Parsed.Invalid<>(quoted + " has no valid port", "a port is a number from 0 to 65535");
        }
        var v6 = address.group("v6");
        var host = v6 == null ? address.group("host") : v6;
        // The zone names an interface, which may come and go.
        if (v6 == null ? !isHost(host) : !isIpv6(host.replaceFirst("%.*", ""))) {
            return new Parsed.Invalid<>(quoted + (host.isEmpty() ? " has no host" : " has no valid host"), EXAMPLE);
        }
        return new Parsed.Value<>(new SocketAddress.HostPort(host, Integer.parseInt(port)));
    }

    /** An IP address without a port. */
    static Parsed<InetAddress> ipAddress(String text) {
        return isIpv4(text) || isIpv6(text)
                ? new Parsed.Value<>(InetAddress.ofLiteral(text))
                : new Parsed.Invalid<>(Problem.quoted(text) + " is not an IP address", null);
    }

    private static boolean isHost(String host) {
        return DIGITS.matcher(host).matches()
                ? isIpv4(host)
                : host.length() <= 253 && HOST_NAME.matcher(host).matches() && !host.contains("..");
    }

    private static boolean isIpv4(String host) {
        return IPV4.matcher(host).matches() && isLiteral(host);
    }

    private static boolean isIpv6(String host) {
        return host.indexOf(':') >= 0 && host.indexOf('[') < 0 && isLiteral(host);
    }

    private static boolean isLiteral(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
