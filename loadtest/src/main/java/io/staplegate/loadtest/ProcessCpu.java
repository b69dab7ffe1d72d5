package io.staplegate.loadtest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The CPU time that other processes have used, user and system, as the kernel counts it (in steps of 10 ms): of some
 * processes, and of the children that they had at first.
 */
record ProcessCpu(List<ProcessHandle> processes) {
    /** The processes with some ids, and their children; empty where one does not exist or may not be looked at. */
    static Optional<ProcessCpu> of(List<Long> pids) {
        List<ProcessHandle> processes = new ArrayList<>();
        for (long pid : pids) {
            ProcessHandle.of(pid).ifPresent(processes::add);
        }
        if (processes.size() < pids.size()) {
            return Optional.empty();
        }
        ProcessCpu cpu = new ProcessCpu(processes.stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .distinct()
                .toList());
        return cpu.used().map(used -> cpu);
    }

    /** Since the processes began, in all; empty where one of them has ended. */
    Optional<Duration> used() {
        Duration sum = Duration.ZERO;
        for (ProcessHandle process : processes) {
            Optional<Duration> used = process.info().totalCpuDuration();
            if (used.isEmpty()) {
                return Optional.empty();
            }
            sum = sum.plus(used.get());
        }
        return Optional.of(sum);
    }
}
