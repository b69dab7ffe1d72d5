package io.staplegate.admin;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The table of all that can be asked for, in the order of the index. Immutable. */
final class Routes {
    private final List<Route> routes;

    Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** The page's answer, or what is wrong with the request. Blocks. */
    Answer answer(HttpRequest request, byte[] body) throws InterruptedException {
        QueryStringDecoder url = new QueryStringDecoder(request.uri());
        String path;
        Map<String, List<String>> parameters;
        try {
            path = url.path();
            parameters = url.parameters();
        } catch (IllegalArgumentException e) {
            return Answer.text(HttpResponseStatus.BAD_REQUEST, "the URL is malformed");
        }
        Route route = find(path, request);
        if (route == null) {
            return refusal(at(path));
        }
        try {
            return route.page().answer(new Call(parameters, request.headers(), body));
        } catch (BadCallException e) {
            return Answer.text(HttpResponseStatus.BAD_REQUEST, e.line());
        }
    }

    /** {@code others}: what there is under the same path. */
    private static Answer refusal(List<Route> others) {
        if (others.isEmpty()) {
            return Answer.text(HttpResponseStatus.NOT_FOUND, "no such page; / lists them");
        }
        String allowed = others.stream().map(Route::methods).collect(Collectors.joining(", "));
        return Answer.text(HttpResponseStatus.METHOD_NOT_ALLOWED, "allowed: " + allowed)
                .with("Allow", allowed);
    }

    /** How many bytes a request may bring. */
    int largestBody(HttpRequest request) {
        Route route = find(rawPath(request), request);
        return route == null ? 0 : route.largestBody();
    }

    /** Whether a request is one that who has no credentials may make, too. */
    boolean isProbe(HttpRequest request) {
        Route route = find(rawPath(request), request);
        return route != null && route.isProbe();
    }

    /** As it was sent, which for every path of the table is the only simple way to send it. */
    private static String rawPath(HttpRequest request) {
        return new QueryStringDecoder(request.uri()).rawPath();
    }

    /** A line for each, for people. */
    String index() {
        int width = routes.stream().mapToInt(Routes::width).max().orElse(0);
        return routes.stream()
                .map(route -> "%-4s %s%s%s%s"
                        .formatted(
                                route.method(),
                                route.path(),
                                route.query(),
                                " ".repeat(width - width(route) + 2),
                                route.summary()))
                .collect(Collectors.joining("\n", "Staplegate\n\n", ""));
    }

    private static int width(Route route) {
        return route.path().length() + route.query().length();
    }

    private @Nullable Route find(String path, HttpRequest request) {
        return at(path).stream()
                .filter(route -> route.answers(request.method().name()))
                .findFirst()
                .orElse(null);
    }

    private List<Route> at(String path) {
        return routes.stream().filter(route -> route.path().equals(path)).toList();
    }
}
