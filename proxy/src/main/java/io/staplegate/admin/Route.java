package io.staplegate.admin;

/**
 * One thing that can be asked for: how, what for, and what answers.
 *
 * @param method {@code GET}, which {@code HEAD} goes with, or {@code POST}
 * @param query what may follow the path, for the index
 * @param summary what it is for, for the index
 * @param isProbe whether it is there to be asked by a machine that has no credentials, and says nothing worth hiding
 * @param largestBody how many bytes a request may bring
 */
record Route(String method, String path, String query, String summary, boolean isProbe, int largestBody, Page page) {
    /** What answers a request. Blocks: called on virtual threads. */
    @FunctionalInterface
    interface Page {
        Answer answer(Call call) throws InterruptedException, BadCallException;
    }

    static Route get(String path, String query, String summary, Page page) {
        return new Route("GET", path, query, summary, false, 0, page);
    }

    static Route post(String path, String query, String summary, Page page) {
        return new Route("POST", path, query, summary, false, 0, page);
    }

    /** A {@link #get} for a machine without credentials. */
    static Route probe(String path, String summary, Page page) {
        return new Route("GET", path, "", summary, true, 0, page);
    }

    /** The same with a body. */
    Route taking(int bytes) {
        return new Route(method, path, query, summary, isProbe, bytes, page);
    }

    /** The methods of requests that it answers, as {@code Allow} has them. */
    String methods() {
        return method.equals("GET") ? "GET, HEAD" : method;
    }

    boolean answers(String requestMethod) {
        return method.equals(requestMethod) || (method.equals("GET") && requestMethod.equals("HEAD"));
    }
}
