package io.staplegate.mirror;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.staplegate.ocsp.CertId;
import io.staplegate.ocsp.OcspRequest;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.cert.ocsp.OCSPResp;

/** One connection to a mirror, over which a test sends what it likes. */
final class Client implements AutoCloseable {
    private final Socket socket;

    /** What came. The names of headers are compared without case. */
    record Reply(int status, Map<String, String> headers, byte[] body) {
        /** The status of the OCSP response (RFC 6960 §4.2.1). */
        int ocspStatus() throws IOException {
            return new OCSPResp(body).getStatus();
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    Client(int port) throws IOException {
        this(port, "127.0.0.1");
    }

    /** {@code from}: the address that it comes from. */
    Client(int port, String from) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.ofLiteral(from), 0);
        socket.setSoTimeout(20_000);
    }

    /** A GET about a certificate, as its request line and headers. */
    static String get(CertId id, String... headers) {
        return request("GET", path(OcspRequest.encode(id)), headers);
    }

    /** The path that asks with a request in DER. */
    static String path(byte[] der) {
        return "/" + URLEncoder.encode(Base64.getEncoder().encodeToString(der), US_ASCII);
    }

    static String request(String method, String target, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: mirror.example\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    Client send(String head) throws IOException {
        return send(head.getBytes(US_ASCII));
    }

    Client send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    Client post(byte[] der) throws IOException {
        return send(request("POST", "/", "Content-Type: application/ocsp-request", "Content-Length: " + der.length))
                .send(der);
    }

    /** The next reply with its body. */
    Reply read() throws IOException {
        Reply head = readHead();
        int length = Integer.parseInt(head.headers.getOrDefault("Content-Length", "0"));
        byte[] body = socket.getInputStream().readNBytes(length);
        if (body.length < length) {
            throw new EOFException("in a body");
        }
        return new Reply(head.status, head.headers, body);
    }

    /** The next reply to a HEAD, or to a request whose reply has no body. */
    Reply readHead() throws IOException {
        List<String> lines = head().strip().lines().toList();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : lines.subList(1, lines.size())) {
            String[] header = line.split(": ", 2);
            headers.put(header[0], header[1]);
        }
        String status = lines.getFirst().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
        return new Reply(Integer.parseInt(status), headers, new byte[0]);
    }

    private String head() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(US_ASCII).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("after " + head.toString(US_ASCII));
            }
            head.write(next);
        }
        return head.toString(US_ASCII);
    }

    /** Waits until the mirror closes; whether it does so without another byte. */
    boolean isClosed() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true; // a reset
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
