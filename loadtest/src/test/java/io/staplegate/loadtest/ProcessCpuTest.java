package io.staplegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose CPU time is counted. */
final class ProcessCpuTest {
    @Test
    void theChildrenOfAProcessAreCountedWithIt() throws IOException {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 60 & echo $!; wait").start();
        try {
            long child = Long.parseLong(parent.inputReader().readLine());
            ProcessCpu cpu = ProcessCpu.of(List.of(parent.pid())).orElseThrow();
            assertThat(cpu.processes()).extracting(ProcessHandle::pid).containsExactly(parent.pid(), child);
            assertThat(cpu.used()).isPresent();
        } finally {
            parent.descendants().forEach(ProcessHandle::destroyForcibly);
            parent.destroyForcibly();
        }
    }

    @Test
    void nothingIsKnownOnceAProcessHasEnded() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "echo; read line").start();
        process.inputReader().readLine();
        ProcessCpu cpu = ProcessCpu.of(List.of(process.pid())).orElseThrow();
        process.destroyForcibly().waitFor();
        assertThat(cpu.used()).isEmpty();
        assertThat(ProcessCpu.of(List.of(process.pid()))).isEmpty();
    }
}
