package io.staplegate.config;

import java.util.List;
import java.util.Map;

/** A YAML value, with variables replaced, aliases followed, and nothing bound to a meaning yet. */
sealed interface Tree {
    /** A single value. */
    record Scalar(String text) implements Tree {}

    /** A list. */
    record Sequence(List<Tree> items) implements Tree {}

    /** Keys and values, in the order of the file. */
    record Mapping(Map<String, Tree> entries) implements Tree {}

    /** A key or a list item with nothing behind it, or null. */
    record Empty() implements Tree {}

    /** A value that has been complained of already. */
    record Unreadable() implements Tree {}

    /** What it is, for messages. */
    default String kind() {
        return switch (this) {
            case Scalar _ -> "a single value";
            case Sequence _ -> "a list";
            case Mapping _ -> "a group of keys";
            case Empty _, Unreadable _ -> "nothing";
        };
    }
}
