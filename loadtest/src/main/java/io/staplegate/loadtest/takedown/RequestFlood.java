package io.staplegate.loadtest.takedown;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Clients of a responder that ask and ask again, until the flood is closed. */
final class RequestFlood implements AutoCloseable {
    /** Of a client that was hung up on: the flood is to wear down the responder, not this machine. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final LongAdder sent = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpRequest request;

    /**
     * Begins.
     *
     * @param ocsp a request in DER, the same each time
     * @param clients each with one request at a time
     */
    RequestFlood(URI responder, byte[] ocsp, int clients) {
        request = HttpRequest.newBuilder(responder)
                .header("Content-Type", "application/ocsp-request")
                .POST(BodyPublishers.ofByteArray(ocsp))
                .build();
        for (int i = 0; i < clients; i++) {
            threads.execute(this::ask);
        }
    }

    private void ask() {
        try {
            do {
                sent.increment();
            } while (isAnswered() || !closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isAnswered() throws InterruptedException {
        try {
            client.send(request, BodyHandlers.discarding());
            answered.increment();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    long sent() {
        return sent.sum();
    }

    /** Those of them that were answered by now. */
    long answered() {
        return answered.sum();
    }

    @Override
    public void close() {
        closed.countDown();
        client.shutdownNow();
        threads.close();
    }
}
