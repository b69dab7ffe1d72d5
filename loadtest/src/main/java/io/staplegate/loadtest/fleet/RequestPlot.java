package io.staplegate.loadtest.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Requests a second over time. Each column is as high as the highest second in it, so that no peak is averaged away.
 *
 * @param perSecond requests in each second since the start
 * @param most the configured rate: a line
 * @param phases what happened when
 */
record RequestPlot(List<Integer> perSecond, int most, List<FleetReport.Phase> phases) {
    private static final int COLUMNS = 96;
    private static final int ROWS = 10;
    private static final int WIDTH = 960;
    private static final int HEIGHT = 300;
    private static final int MARGIN = 40;

    /** For a terminal. */
    List<String> lines() {
        int columns = Math.clamp(perSecond.size(), 1, COLUMNS);
        int[] heights = columns(columns);
        int top = top();
        List<String> lines = new ArrayList<>();
        for (int row = ROWS; row > 0; row--) {
            double floor = (row - 0.5) * top / ROWS;
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%5d |", row * top / ROWS));
            for (int height : heights) {
                line.append(height > 0 && height >= floor ? '#' : row == 1 && height > 0 ? '.' : ' ');
            }
            lines.add(line.toString().stripTrailing());
        }
        lines.add("      +" + "-".repeat(columns));
        char[] marks = new char[columns];
        Arrays.fill(marks, ' ');
        StringBuilder legend = new StringBuilder("       ");
        for (int phase = 0; phase < phases.size(); phase++) {
            char letter = (char) ('a' + phase);
            marks[column(phases.get(phase).from(), columns)] = letter;
            legend.append(letter).append(' ').append(phases.get(phase).name()).append("  ");
        }
        lines.add("       " + new String(marks).stripTrailing());
        lines.add(legend.toString().stripTrailing());
        return lines;
    }

    /** Writes it as an SVG. */
    void write(Path file) throws IOException {
        int top = top();
        int limit = y(most, top);
        Files.writeString(file, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="#fff"/>
                <path d="%s" fill="#4a7ebb"/>
                <path d="M%d %dH%d" stroke="#c00"/><text x="4" y="%d" fill="#c00">%d/s</text>
                %s<text x="%d" y="%d">seconds: 0 to %d</text>
                </svg>
                """.formatted(
                        WIDTH + 2 * MARGIN,
                        HEIGHT + 2 * MARGIN,
                        outline(top),
                        MARGIN,
                        limit,
                        MARGIN + WIDTH,
                        limit + 4,
                        most,
                        marks(),
                        MARGIN,
                        MARGIN + HEIGHT + 20,
                        perSecond.size()));
    }

    /** A line where each phase begins. */
    private String marks() {
        StringBuilder marks = new StringBuilder();
        for (FleetReport.Phase phase : phases) {
            int x = MARGIN + column(phase.from(), WIDTH);
            marks.append("""
                    <path d="M%d %dV%d" stroke="#999" stroke-dasharray="2 3"/><text x="%d" y="%d">%s</text>
                    """.formatted(x, MARGIN, MARGIN + HEIGHT, x + 3, MARGIN - 6, phase.name()));
        }
        return marks.toString();
    }

    private String outline(int top) {
        int columns = Math.clamp(perSecond.size(), 1, WIDTH);
        int[] heights = columns(columns);
        StringBuilder path = new StringBuilder("M%d %d".formatted(MARGIN, y(0, top)));
        for (int column = 0; column < columns; column++) {
            path.append("V%dH%d".formatted(y(heights[column], top), MARGIN + (column + 1) * WIDTH / columns));
        }
        return path.append("V%dZ".formatted(y(0, top))).toString();
    }

    private int[] columns(int columns) {
        int[] heights = new int[columns];
        for (int second = 0; second < perSecond.size(); second++) {
            int column = column(second, columns);
            heights[column] = Math.max(heights[column], perSecond.get(second));
        }
        return heights;
    }

    private int column(double second, int columns) {
        return Math.clamp((long) (second * columns / Math.max(1, perSecond.size())), 0, columns - 1);
    }

    private int top() {
        return Math.max(
                most, perSecond.stream().mapToInt(Integer::intValue).max().orElse(0));
    }

    private static int y(int value, int top) {
        return MARGIN + HEIGHT - value * HEIGHT / top;
    }
}
