package io.staplegate.fetch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;

/**
 * An HTTP server on a plain socket, so that it can misbehave in any way. One thread a connection. What is no request,
 * such as a TLS hello, gets a 400.
 */
final class RawServer implements AutoCloseable {
    /** What was asked. */
    record Request(String method, String target, Map<String, String> headers, byte[] body) {
        /** The OCSP request that it carries, in whichever way. */
        byte[] ocspRequest() {
            if (method.equals("POST")) {
                return body;
            }
            String path = URI.create(target).getPath();
            // Base64 may have slashes of its own: the tests' responders have a path of one segment.
            return Base64.getDecoder().decode(path.substring(path.indexOf('/', 1) + 1));
        }
    }

    /** Writes the answer; the connection stays open for the next request afterwards. */
    @FunctionalInterface
    interface Behaviour {
        void answer(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    private static final Pattern REQUEST_LINE = Pattern.compile("[A-Z]+ \\S+ HTTP/1\\.1");

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Behaviour behaviour;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final CountDownLatch cut = new CountDownLatch(1);

    RawServer(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers everything with a status and headers, each with its line end, and a body. */
    static Behaviour answering(String statusAndHeaders, byte[] body) {
        return (request, out) -> write(out, statusAndHeaders, body);
    }

    static void write(OutputStream out, String statusAndHeaders, byte[] body) throws IOException {
        String head = "HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        out.write(head.getBytes(ISO_8859_1));
        out.write(body);
        out.flush();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/ocsp");
    }

    int port() {
        return socket.getLocalPort();
    }

    List<Request> requests() {
        return requests;
    }

    int connections() {
        return connections.size();
    }

    /** Opens when the other side has cut a connection in the middle of an answer, or after it. */
    CountDownLatch cut() {
        return cut;
    }

    /** Resets every connection. */
    void reset() throws IOException {
        for (Socket connection : connections) {
            connection.setSoLinger(true, 0);
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed: the test is over.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            OutputStream out = connection.getOutputStream();
            for (String start = line(in); !start.isEmpty(); start = line(in)) {
                if (!REQUEST_LINE.matcher(start).matches()) {
                    refuse(in, out);
                    break;
                }
                Request request = read(start, in);
                requests.add(request);
                behaviour.answer(request, out);
            }
            cut.countDown();
        } catch (IOException e) {
            cut.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads to the end after the answer: to close before would reset the connection, and might lose the answer. */
    private static void refuse(InputStream in, OutputStream out) throws IOException {
        write(out, "400 Bad Request", new byte[0]);
        in.transferTo(OutputStream.nullOutputStream());
    }

    private static Request read(String requestLine, InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            String[] header = line.split(":", 2);
            headers.put(header[0], header[header.length - 1].strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        String[] words = requestLine.split(" ", 3);
        return new Request(words[0], words[1], headers, in.readNBytes(length));
    }

    /** Ends before a line end, or after a byte that no line of HTTP has: a TLS hello need not hold a line end. */
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
            if (b < ' ' && b != '\r') {
                break;
            }
        }
        return line.toString();
    }
}
