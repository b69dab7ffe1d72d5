package io.staplegate.loadtest;

import io.staplegate.app.CommandFailure;
import io.staplegate.app.Exit;
import io.staplegate.loadtest.benchmark.HandshakeBenchmark;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code staplegate-loadtest benchmark}: a JMH benchmark, in JVMs of its own. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        description = {
            "Run a benchmark in memory, by JMH.",
            "handshake: the server's microseconds for one full handshake with a staple for each of two certificates."
        })
final class BenchmarkCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "NAME", description = "Which: ${COMPLETION-CANDIDATES}.")
    private Benchmark benchmark = Benchmark.HANDSHAKE;

    @Parameters(
            index = "1..*",
            paramLabel = "OPTION",
            description = "Options of JMH, for example: -f 1 -p crypto=CORRETTO")
    private List<String> options = List.of();

    /** What can be run. */
    private enum Benchmark {
        HANDSHAKE(HandshakeBenchmark.class);

        private final Class<?> type;

        Benchmark(Class<?> type) {
            this.type = type;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws CommandFailure {
        try {
            var all = new CommandLineOptions(options.toArray(String[]::new));
            new Runner(new OptionsBuilder()
                            .parent(all)
                            .include(benchmark.type.getName())
                            .shouldFailOnError(true)
                            .build())
                    .run();
            return Exit.DONE;
        } catch (CommandLineOptionException e) {
            throw new CommandFailure(Exit.USAGE, "not an option of JMH: " + e.getMessage(), null);
        } catch (RunnerException e) {
            throw new CommandFailure(Exit.FAILED, "the benchmark failed: " + e.getMessage(), null);
        }
    }
}
