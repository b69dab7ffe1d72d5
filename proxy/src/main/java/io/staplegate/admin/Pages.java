package io.staplegate.admin;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.staplegate.staple.Imported;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/** Which path shows or does what. Blocks: called on virtual threads. */
final class Pages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    private static final List<String> READ = List.of("GET", "HEAD");
    private static final List<String> DO = List.of("POST");
    private static final String IMPORT = "/import";
    private static final Map<String, List<String>> METHODS = Map.of(
            "/",
            READ,
            "/metrics",
            READ,
            "/livez",
            READ,
            "/readyz",
            READ,
            "/staples",
            READ,
            "/devices",
            READ,
            "/refresh",
            DO,
            "/export",
            READ,
            IMPORT,
            DO);
    private static final String INDEX = """
            Staplegate

            GET  /metrics                   for Prometheus
            GET  /livez                     the process lives
            GET  /readyz                    it should get traffic
            GET  /staples                   what is stapled
            GET  /devices                   what is known of devices, by their certificates
            POST /refresh[?identity=NAME]   fetch now
            GET  /export                    what is stapled, to be carried elsewhere
            POST /import                    an OCSP response in DER that was carried here""";

    /** With 10,000 identities, the large pages have megabytes each. */
    private static final int LARGE_PAGES_AT_A_TIME = 2;

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

    Pages(Desk desk) {
        this.desk = desk;
    }

    /** How many bytes a request may bring. */
    static int largestBody(HttpRequest request) {
        return request.uri().equals(IMPORT) && DO.contains(request.method().name()) ? Imported.MAX_BYTES : 0;
    }

    Answer answer(HttpRequest request, byte[] body) throws InterruptedException {
        QueryStringDecoder url = new QueryStringDecoder(request.uri());
        String path;
        List<String> identities;
        try {
            path = url.path();
            identities = url.parameters().getOrDefault("identity", List.of());
        } catch (IllegalArgumentException e) {
            return Answer.text(HttpResponseStatus.BAD_REQUEST, "the URL is malformed");
        }
        List<String> methods = METHODS.get(path);
        if (methods == null) {
            return Answer.text(HttpResponseStatus.NOT_FOUND, "no such page; / lists them");
        }
        if (!methods.contains(request.method().name())) {
            String allowed = String.join(", ", methods);
            return Answer.text(HttpResponseStatus.METHOD_NOT_ALLOWED, "allowed: " + allowed)
                    .with("Allow", allowed);
        }
        return switch (path) {
            case "/metrics" -> metrics(request);
            case "/livez" -> Answer.text(HttpResponseStatus.OK, "live");
            case "/readyz" ->
                desk.ready().getAsBoolean()
                        ? Answer.text(HttpResponseStatus.OK, "ready")
                        : Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "not ready");
            case "/staples" -> staples(null);
            case "/devices" -> large(() -> json(desk.devices().get()));
            case "/refresh" -> refresh(identities);
            case "/export" -> large(() -> json(desk.export().get()));
            case IMPORT -> take(body, lastModified(request));
            default -> Answer.text(HttpResponseStatus.OK, INDEX);
        };
    }

    private Answer metrics(HttpRequest request) throws InterruptedException {
        String contentType = desk.telemetry().contentType(request.headers().get(HttpHeaderNames.ACCEPT));
        boolean zipped = request.headers().containsValue(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.GZIP, true);
        return large(() -> {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try (OutputStream out = zipped ? new GZIPOutputStream(body, ZIP_BUFFER) : body) {
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

    private Answer take(byte[] response, @Nullable Instant since) throws InterruptedException {
        imports.acquire();
        try {
            return json(desk.take().of(response, since));
        } finally {
            imports.release();
        }
    }

    /** Null where a request says nothing that can be read. */
    private static @Nullable Instant lastModified(HttpRequest request) {
        String value = request.headers().get(HttpHeaderNames.LAST_MODIFIED);
        try {
            return value == null ? null : RFC_1123_DATE_TIME.parse(value, Instant::from);
        } catch (DateTimeParseException e) {
            LOG.atDebug().addKeyValue("lastModified", value).log("no HTTP date: ignored");
            return null;
        }
    }

    private static Answer json(List<?> rows) {
        return Answer.ok("application/json", JSON.writeValueAsBytes(rows));
    }

    private Answer refresh(List<String> identities) throws InterruptedException {
        if (identities.size() > 1) {
            return Answer.text(HttpResponseStatus.BAD_REQUEST, "name one identity, or none for all");
        }
        if (!refreshes.tryAcquire()) {
            return Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "other refreshes are under way")
                    .with("Retry-After", "1");
        }
        try {
            String identity = identities.isEmpty() ? null : identities.getFirst();
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
}
