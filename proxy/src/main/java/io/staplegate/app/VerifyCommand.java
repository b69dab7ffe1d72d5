package io.staplegate.app;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "verify")
final class VerifyCommand implements Callable<Integer> {
    VerifyCommand(Console console) {}

    @Override
    public Integer call() {
        return 1;
    }
}
