package io.staplegate.config;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where the values of a configuration are in its file, of which the configuration may lack broken parts. */
final class Places {
    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");

    private final Map<String, Document.Lines> lines;
    private final Map<String, List<Integer>> positions = new HashMap<>();

    /**
     * The places of one document.
     *
     * @param lines where each path is in the file
     */
    Places(Map<String, Document.Lines> lines) {
        this.lines = lines;
    }

    /** Records which items of a list the configuration has. */
    void keep(String list, List<Integer> itemsInFile) {
        positions.put(list, List.copyOf(itemsInFile));
    }

    /** Whether the file says something there, rather than leave it to the default. */
    boolean isWritten(String path) {
        return lines.containsKey(path);
    }

    /** What a path in the configuration is in the file: the same, unless items of a list on its way were left out. */
    String inFile(String path) {
        var result = new StringBuilder();
        var index = INDEX.matcher(path);
        while (index.find()) {
            index.appendReplacement(result, "");
            int item = Integer.parseInt(index.group(1));
            var kept = positions.get(result.toString());
            result.append('[').append(kept == null ? item : kept.get(item)).append(']');
        }
        return index.appendTail(result).toString();
    }

    /** The problems in the order of the file; a key that is missing counts as being at the end of its parent. */
    List<Problem> inOrder(List<Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(problem -> line(problem.path())))
                .toList();
    }

    private int line(String path) {
        var here = lines.get(path);
        if (here != null) {
            return here.first();
        }
        var known = path;
        while (!known.isEmpty() && !lines.containsKey(known)) {
            known = parent(known);
        }
        var around = lines.get(known);
        return around == null ? 0 : around.last();
    }

    /** The path of what a path is in; empty for the whole file. */
    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }
}
