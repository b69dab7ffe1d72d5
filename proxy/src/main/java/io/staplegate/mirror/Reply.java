package io.staplegate.mirror;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.staplegate.telemetry.Telemetry.MirrorOutcome;

/** What one request is answered with. */
record Reply(HttpResponseStatus status, Document document, MirrorOutcome outcome) {
    private static final String TEXT = "text/plain; charset=utf-8";

    static Reply ok(Document document, MirrorOutcome outcome) {
        return new Reply(HttpResponseStatus.OK, document, outcome);
    }

    /** For who asks nothing that there is an answer to. */
    static Reply fault(HttpResponseStatus status) {
        byte[] line = (status.reasonPhrase() + "\n").getBytes(US_ASCII);
        return switch (status.code()) {
            case 404 -> new Reply(status, Document.passing(TEXT, line), MirrorOutcome.NOT_FOUND);
            case 405 -> {
                Document allowed = Document.passing(TEXT, line, HttpHeaderNames.ALLOW, "GET, HEAD, POST");
                yield new Reply(status, allowed, MirrorOutcome.MALFORMED);
            }
            case 429 -> {
                Document later = Document.passing(TEXT, line, HttpHeaderNames.RETRY_AFTER, "1");
                yield new Reply(status, later, MirrorOutcome.LIMITED);
            }
            default -> new Reply(status, Document.passing(TEXT, line), MirrorOutcome.MALFORMED);
        };
    }
}
