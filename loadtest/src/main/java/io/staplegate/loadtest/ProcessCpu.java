package io.staplegate.loadtest;

import java.time.Duration;
import java.util.Optional;

/** The CPU time that another process has used, user and system, as the kernel counts it (in steps of 10 ms). */
record ProcessCpu(ProcessHandle process) {
    /** The process with an id, where it exists and may be looked at. */
    static Optional<ProcessCpu> of(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> process.info().totalCpuDuration().isPresent())
                .map(ProcessCpu::new);
    }

    /** Since the process began; what it was last where the process has ended. */
    Duration used() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
