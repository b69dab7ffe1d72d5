package io.staplegate.admin;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request on its way to its page. {@code parameters}: of the URL's query, decoded. */
record Call(Map<String, List<String>> parameters, HttpHeaders headers, byte[] body) {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    /** A parameter that may be there once; null where it is not. */
    @Nullable
    String parameter(String name) throws BadCallException {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new BadCallException("\"" + name + "\" may be given once");
        }
        return values.isEmpty() ? null : values.getFirst();
    }

    /** A parameter that must be there. */
    String required(String name) throws BadCallException {
        String value = parameter(name);
        if (value == null) {
            throw new BadCallException("\"" + name + "\" is missing");
        }
        return value;
    }

    /** A parameter that is a whole number from 1 to {@code most}. */
    int count(String name, int standard, int most) throws BadCallException {
        String value = parameter(name);
        if (value == null) {
            return standard;
        }
        if (WHOLE_NUMBER.matcher(value).matches() && Integer.parseInt(value) <= most) {
            return Integer.parseInt(value);
        }
        throw new BadCallException("\"" + name + "\" is a whole number from 1 to " + most);
    }
}
