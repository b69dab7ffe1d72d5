/**
 * The roof: the command line, one class a command, and {@code Proxy}, which wires every room.
 *
 * <p>May call every room. Home of the command-line library, and the only room that reads the clock, writes to standard
 * output and hears signals. What a command prints for people goes to standard error; standard output is for scripts.
 */
@NullMarked
package io.staplegate.app;

import org.jspecify.annotations.NullMarked;
