package io.staplegate.config;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** How addresses are written: {@code host:port}, {@code [v6]:port}, {@code unix:/path}. */
final class AddressNotation {
    private static final Pattern HOST_PORT = Pattern.compile("(?:\\[(?<v6>[^\\]]*)]|(?<host>[^:\\[\\]]*)):(?<port>.*)");
    private static final Pattern HOST_NAME = Pattern.compile("[\\p{L}\\p{N}_]([\\p{L}\\p{N}_.-]*[\\p{L}\\p{N}_.])?");
    private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");
    /** {@code sun_path} on Linux, less its final zero. */
    private static final int LONGEST_UNIX_PATH = 107;

    private static final String EXAMPLE = "write an address like \"127.0.0.1:8883\" or \"[::1]:8883\"";

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
        if (text.contains("://")) {
            return new Parsed.Invalid<>(quoted + " is a URL, not an address", EXAMPLE);
        }
        if (PORT.matcher(text).matches()) {
            return new Parsed.Invalid<>(quoted + " has no host", "write 0.0.0.0:" + text + " for every interface");
        }
        var address = HOST_PORT.matcher(text);
        if (!address.matches()) {
            var reason = text.chars().filter(c -> c == ':').count() > 1 ? " is not an address" : " has no port";
            return new Parsed.Invalid<>(quoted + reason, EXAMPLE);
        }
        var port = address.group("port");
        if (!PORT.matcher(port).matches() || Integer.parseInt(port) > 65535) {
            return new Parsed.Invalid<>(
                    quoted + " has no valid port (" + Problem.quoted(port) + ")", "a port is a number from 0 to 65535");
        }
        var v6 = address.group("v6");
        var host = v6 == null ? address.group("host") : v6;
        if (host.isEmpty()) {
            return new Parsed.Invalid<>(quoted + " has no host", "write 0.0.0.0:" + port + " for every interface");
        }
        if (v6 == null ? !isHost(host) : !isIpv6(host)) {
            return new Parsed.Invalid<>(quoted + " has no valid host (" + Problem.quoted(host) + ")", EXAMPLE);
        }
        return new Parsed.Value<>(new SocketAddress.HostPort(host, Integer.parseInt(port)));
    }

    /** A local IP address, without a port. */
    static Parsed<InetAddress> ipAddress(String text) {
        var literal = text.indexOf(':') >= 0 ? isIpv6(text) : text.matches("[\\d.]+") && isLiteral(text);
        return literal
                ? new Parsed.Value<>(InetAddress.ofLiteral(text))
                : new Parsed.Invalid<>(Problem.quoted(text) + " is not an IP address", null);
    }

    private static boolean isHost(String host) {
        return host.matches("[\\d.]+") ? host.matches("(\\d+\\.){3}\\d+") && isLiteral(host) : isName(host);
    }

    private static boolean isName(String host) {
        return host.length() <= 253 && HOST_NAME.matcher(host).matches() && !host.contains("..");
    }

    /** The zone names an interface that may come and go, so it is not looked at. */
    private static boolean isIpv6(String host) {
        int zone = host.indexOf('%');
        return host.indexOf(':') >= 0 && isLiteral(zone < 0 ? host : host.substring(0, zone));
    }

    private static boolean isLiteral(String host) {
        try {
            return InetAddress.ofLiteral(host) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
