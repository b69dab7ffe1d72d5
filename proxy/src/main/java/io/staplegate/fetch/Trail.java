package io.staplegate.fetch;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;

/** Where the redirects of one request have led so far: a few steps, never in a circle, never away from HTTP. */
final class Trail {
    static final int SEE_OTHER = 303;
    private static final int MOST_REDIRECTS = 5;

    private final Set<URI> asked = new HashSet<>();

    Trail(URI start) {
        asked.add(start);
    }

    static boolean isRedirect(HttpResponse<?> response) {
        return switch (response.statusCode()) {
            case 301, 302, SEE_OTHER, 307, 308 -> true;
            default -> false;
        };
    }

    /** Where a redirect leads, if it may be followed. */
    URI follow(HttpResponse<?> redirect) throws RedirectRefused {
        URI target = target(redirect);
        if (!asked.add(target)) {
            throw new RedirectRefused("in a loop (\"" + target + "\")");
        }
        if (asked.size() > MOST_REDIRECTS + 1) {
            throw new RedirectRefused("more than " + MOST_REDIRECTS + " times");
        }
        return target;
    }

    private static URI target(HttpResponse<?> redirect) throws RedirectRefused {
        String location = redirect.headers().firstValue("Location").orElse("");
        try {
            URI target = redirect.uri().resolve(location);
            if (!location.isEmpty() && ResponderClient.isHttp(target)) {
                return target;
            }
        } catch (IllegalArgumentException e) {
            // No URL at all.
        }
        throw new RedirectRefused("to \"" + location + "\", which is no http or https URL");
    }
}
