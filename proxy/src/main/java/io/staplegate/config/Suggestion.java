package io.staplegate.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the user probably meant: the nearest of the known words, by edit distance. */
final class Suggestion {
    private static final int LISTED = 20;

    private Suggestion() {}

    /** A question, for a hint; empty where no known word is near. */
    static Optional<String> of(String word, Collection<String> known) {
        var plain = plain(word);
        return known.stream()
                .filter(candidate -> distance(plain, plain(candidate)) <= Math.max(1, plain.length() / 3))
                .min(Comparator.comparingInt(candidate -> distance(plain, plain(candidate))))
                .map(meant -> "did you mean " + Problem.quoted(meant) + "?");
    }

    /**
     * A hint on an unknown word: a question, or else the words that are known.
     *
     * @param noun what the words are, for example {@code backends}
     */
    static String hint(String word, Collection<String> known, String noun) {
        if (known.isEmpty()) {
            return "there are no " + noun;
        }
        var listed = known.stream().limit(LISTED).map(Printable::line).collect(Collectors.joining(", "));
        return of(word, known).orElse("known " + noun + ": " + listed + (known.size() > LISTED ? ", …" : ""));
    }

    /** Case, dashes and underscores aside. */
    private static String plain(String word) {
        return word.substring(0, Math.min(word.length(), 64))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[-_ ]", "");
    }

    /** Levenshtein's distance. */
    private static int distance(String from, String to) {
        var row = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            row[column] = column;
        }
        for (int line = 1; line <= from.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= to.length(); column++) {
                int above = row[column];
                int replaced = diagonal + (from.charAt(line - 1) == to.charAt(column - 1) ? 0 : 1);
                row[column] = Math.min(replaced, 1 + Math.min(above, row[column - 1]));
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
