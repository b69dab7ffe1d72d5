package io.staplegate.admin;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.staplegate.admin.status.StatusFile;
import io.staplegate.admin.status.StatusPage;
import io.staplegate.relay.SessionBook;
import io.staplegate.staple.Imported;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** What can be asked for, and what answers it. Blocks: called on virtual threads. */
final class Pages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    /** With 10,000 identities, the large pages have megabytes each. */
    private static final int LARGE_PAGES_AT_A_TIME = 2;

    private static final int USUAL_SESSIONS = 1_000;
    private static final int MOST_SESSIONS = 10_000;
    private static final int ZIP_BUFFER = 8 * 1024;

    private static final int REFRESHES_AT_A_TIME = 4;

    /** Signatures are verified for them: devices need the processors, too. */
    private static final int IMPORTS_AT_A_TIME = 1;

    /** Rows as the view has them, times as RFC 3339. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private final Desk desk;
    private final Semaphore largePages = new Semaphore(LARGE_PAGES_AT_A_TIME, true);
    private final Semaphore refreshes = new Semaphore(REFRESHES_AT_A_TIME);
    private final Semaphore imports = new Semaphore(IMPORTS_AT_A_TIME, true);

    private final Routes routes = new Routes(List.of(
            Route.get("/", "", "the status page for a browser, else this list", this::front),
            Route.get("/status.css", "", "its style", _ -> file(StatusFile.STYLE)),
            Route.get("/status.js", "", "its script", _ -> file(StatusFile.SCRIPT)),
            Route.get("/metrics", "", "for Prometheus", call -> metrics(call.headers())),
            Route.probe("/livez", "the process lives", _ -> Answer.text(HttpResponseStatus.OK, "live")),
            Route.probe("/readyz", "it should get traffic", _ -> readiness()),
            Route.get("/staples", "", "what is stapled", _ -> staples(null)),
            Route.get("/devices", "", "what is known of devices, by their certificates", _ -> devices()),
            Route.get("/sessions", "[?listener=NAME&limit=N]", "open sessions, oldest first", this::sessions),
            Route.post("/sessions/kill", "?id=ID", "end a session", this::kill),
            Route.post("/refresh", "[?identity=NAME]", "fetch now", call -> refresh(call.parameter("identity"))),
            Route.post("/reload", "", "read the files again", _ -> reload()),
            Route.get("/export", "", "what is stapled, to be carried elsewhere", _ -> export()),
            Route.post("/import", "", "an OCSP response in DER that was carried here", this::take)
                    .taking(Imported.MAX_BYTES)));

    Pages(Desk desk) {
        this.desk = desk;
    }

    Routes routes() {
        return routes;
    }

    /** Browsers name HTML; curl and scripts do not, and get the index. */
    private Answer front(Call call) throws InterruptedException {
        boolean wantsHtml = call.headers().getAllAsString(HttpHeaderNames.ACCEPT).stream()
                .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains("text/html"));
        return wantsHtml
                ? large(() -> status(call.parameters()))
                : Answer.text(HttpResponseStatus.OK, routes.index()).with("Vary", "Accept");
    }

    private Answer status(Map<String, List<String>> query) {
        Map<String, String> headers = Map.of(
                "Content-Security-Policy",
                StatusPage.CONTENT_SECURITY_POLICY,
                "Referrer-Policy",
                "no-referrer",
                "Vary",
                "Accept");
        byte[] page = StatusPage.html(desk.snapshot(), query);
        return new Answer(HttpResponseStatus.OK, "text/html; charset=utf-8", page, headers);
    }

    private static Answer file(StatusFile file) {
        return Answer.ok(file.contentType(), file.content());
    }

    private Answer readiness() {
        return desk.ready().getAsBoolean()
                ? Answer.text(HttpResponseStatus.OK, "ready")
                : Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "not ready");
    }

    private Answer devices() throws InterruptedException {
        return large(() -> json(desk.devices().get()));
    }

    private Answer export() throws InterruptedException {
        return large(() -> json(desk.export().get()));
    }

    private Answer metrics(HttpHeaders headers) throws InterruptedException {
        String contentType = desk.telemetry().contentType(headers.get(HttpHeaderNames.ACCEPT));
        boolean zipped = headers.containsValue(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.GZIP, true);
        return large(() -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try (OutputStream out = zipped ? new FastGzip(body) : body) {
                desk.telemetry().scrape(contentType, out);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // memory takes everything
            }
            Answer whole = Answer.ok(contentType, body.toByteArray());
            return zipped ? whole.with("Content-Encoding", "gzip") : whole;
        });
    }

    /** The rows of one identity, or all of them for null. */
    private Answer staples(@Nullable String identity) throws InterruptedException {
        return large(() -> json(desk.view().get().stream()
                .filter(row -> identity == null || row.identity().equals(identity))
                .toList()));
    }

    private Answer large(Supplier<Answer> page) throws InterruptedException {
        largePages.acquire();
        try {
            return page.get();
        } finally {
            largePages.release();
        }
    }

    private Answer take(Call call) throws InterruptedException {
        imports.acquire();
        try {
            return json(desk.take().of(call.body(), lastModified(call.headers())));
        } finally {
            imports.release();
        }
    }

    /** Null where a request says nothing that can be read. */
    private static @Nullable Instant lastModified(HttpHeaders headers) {
        String value = headers.get(HttpHeaderNames.LAST_MODIFIED);
        try {
            return value == null ? null : RFC_1123_DATE_TIME.parse(value, Instant::from);
        } catch (DateTimeParseException e) {
            LOG.atDebug().addKeyValue("lastModified", value).log("no HTTP date: ignored");
            return null;
        }
    }

    private Answer sessions(Call call) throws InterruptedException, BadCallException {
        String listener = call.parameter("listener");
        int limit = call.count("limit", USUAL_SESSIONS, MOST_SESSIONS);
        return large(() -> {
            SessionBook.Page page = desk.sessions().oldest(listener, limit);
            return page == null
                    ? Answer.text(HttpResponseStatus.NOT_FOUND, "no listener has the name \"" + listener + "\"")
                    : json(page.oldest()).with("X-Total-Count", String.valueOf(page.total()));
        });
    }

    private Answer kill(Call call) throws BadCallException {
        String id = call.required("id");
        if (!desk.sessions().kill(id)) {
            return Answer.text(HttpResponseStatus.NOT_FOUND, "no session has the id \"" + id + "\"");
        }
        LOG.atInfo().addKeyValue("id", id).log("session killed on request");
        return Answer.text(HttpResponseStatus.OK, "killed");
    }

    private static Answer json(Object content) {
        return Answer.ok("application/json", JSON.writeValueAsBytes(content));
    }

    /** A refusal is no success, also for who looks at nothing but the status. */
    private Answer reload() throws InterruptedException {
        CompletableFuture<ReloadReport> reload = desk.reload().begin();
        try {
            ReloadReport report = reload.get();
            Answer answer = json(report);
            return report.reloaded() ? answer : answer.as(HttpResponseStatus.UNPROCESSABLE_ENTITY);
        } catch (CancellationException e) {
            return Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "the proxy stops");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reload broke off", e);
        }
    }

    private Answer refresh(@Nullable String identity) throws InterruptedException {
        if (!refreshes.tryAcquire()) {
            return Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "other refreshes are under way")
                    .with("Retry-After", "1");
        }
        try {
            if (!desk.refresh().of(identity)) {
                return Answer.text(HttpResponseStatus.NOT_FOUND, "no identity has the name \"" + identity + "\"");
            }
            LOG.atInfo()
                    .addKeyValue("identity", identity == null ? "all" : identity)
                    .log("refreshed on request");
            return staples(identity);
        } finally {
            refreshes.release();
        }
    }

    /** Labels repeat so much that the fastest level makes pages an eighth longer alone, in half the time or less. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, ZIP_BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
