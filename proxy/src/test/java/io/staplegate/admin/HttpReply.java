package io.staplegate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What came over one connection, up to its close. */
record HttpReply(int status, Map<String, String> headers, String body) {
    /** Sends bytes as they are, and reads until the other side closes. */
    static HttpReply to(int port, String raw) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(raw.getBytes(UTF_8));
            return parse(new String(socket.getInputStream().readAllBytes(), UTF_8));
        }
    }

    /** Asks for a page as an ordinary client does; {@code headers} come on top. */
    static HttpReply to(int port, String method, String target, String... headers) throws IOException {
        boolean hasHost = Stream.of(headers).anyMatch(header -> header.startsWith("Host:"));
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        head.append(hasHost ? "" : "Host: 127.0.0.1:" + port + "\r\n");
        Stream.of(headers).forEach(header -> head.append(header).append("\r\n"));
        return to(port, head.append("\r\n").toString());
    }

    private static HttpReply parse(String raw) {
        String[] parts = raw.split("\r\n\r\n", 2);
        String[] lines = parts[0].split("\r\n", -1);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < lines.length; i++) {
            String[] header = lines[i].split(": ", 2);
            headers.put(header[0], header[1]);
        }
        return new HttpReply(Integer.parseInt(lines[0].split(" ", 3)[1]), headers, parts[1]);
    }
}
