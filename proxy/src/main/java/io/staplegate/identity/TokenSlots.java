package io.staplegate.identity;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens that a PKCS#11 module holds. Asks the module itself, because the JDK's provider takes a slot's number and
 * cannot tell which token is in it. The layouts are those of 64-bit Linux and macOS.
 */
@SuppressWarnings("restricted") // calling a native library is what this class is for
final class TokenSlots {
    /**
     * A slot with an initialised token in it.
     *
     * @param id what the JDK's provider calls {@code slot}
     */
    record Slot(long id, String label, String manufacturer, String model, String serial) {}

    private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;
    private static final long OK = 0;
    private static final long ALREADY_INITIALIZED = 0x191;
    private static final long OS_LOCKING_OK = 2;
    private static final long TOKEN_INITIALIZED = 0x400;

    /* Places in CK_FUNCTION_LIST, which starts with a version, padded to the size of a pointer. */
    private static final int INITIALIZE = 1;
    private static final int GET_SLOT_LIST = 5;
    private static final int GET_TOKEN_INFO = 7;
    private static final long FUNCTION_LIST_BYTES = 8 * 69;

    /* CK_TOKEN_INFO: label, manufacturer, model and serial number, blank-padded; then the flags. */
    private static final long TOKEN_INFO_BYTES = 256;
    private static final long FLAGS_OFFSET = 32 + 32 + 16 + 16;

    /* CK_C_INITIALIZE_ARGS: four callbacks, the flags, a reserved pointer. */
    private static final long INITIALIZE_ARGS_BYTES = 6 * 8;
    private static final long INITIALIZE_FLAGS_OFFSET = 4 * 8;

    private final Arena arena;
    private final MemorySegment functions;

    private TokenSlots(Arena arena, MemorySegment functions) {
        this.arena = arena;
        this.functions = functions;
    }

    /**
     * Asks a module for its tokens.
     *
     * @throws IllegalStateException if the library cannot be loaded, or answers with an error
     */
    static List<Slot> of(Path module) {
        try (Arena arena = Arena.ofConfined()) {
            // The library stays loaded: the JDK's provider uses it for as long as the process lives.
            MemorySegment getFunctionList = SymbolLookup.libraryLookup(module, Arena.global())
                    .find("C_GetFunctionList")
                    .orElseThrow(() -> new IllegalStateException("the library has no C_GetFunctionList"));
            MemorySegment pointer = arena.allocate(ValueLayout.ADDRESS);
            check(call(getFunctionList, pointer));
            MemorySegment functions = pointer.get(ValueLayout.ADDRESS, 0).reinterpret(FUNCTION_LIST_BYTES);
            return new TokenSlots(arena, functions).list();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the library cannot be loaded", e);
        }
    }

    private List<Slot> list() {
        MemorySegment arguments = arena.allocate(INITIALIZE_ARGS_BYTES, 8);
        arguments.set(ULONG, INITIALIZE_FLAGS_OFFSET, OS_LOCKING_OK);
        long initialized = call(function(INITIALIZE), arguments);
        if (initialized != ALREADY_INITIALIZED) {
            check(initialized);
        }
        List<Slot> slots = new ArrayList<>();
        for (long id : slotIds()) {
            MemorySegment info = arena.allocate(TOKEN_INFO_BYTES, 8);
            boolean read = call(function(GET_TOKEN_INFO), id, info) == OK;
            if (read && (info.get(ULONG, FLAGS_OFFSET) & TOKEN_INITIALIZED) != 0) {
                slots.add(new Slot(id, text(info, 0, 32), text(info, 32, 32), text(info, 64, 16), text(info, 80, 16)));
            }
        }
        return slots;
    }

    private long[] slotIds() {
        MemorySegment count = arena.allocate(ULONG);
        byte tokenPresent = 1;
        check(call(function(GET_SLOT_LIST), tokenPresent, MemorySegment.NULL, count));
        MemorySegment ids = arena.allocate(ULONG, Math.max(1, count.get(ULONG, 0)));
        check(call(function(GET_SLOT_LIST), tokenPresent, ids, count));
        return ids.asSlice(0, count.get(ULONG, 0) * ULONG.byteSize()).toArray(ULONG);
    }

    private MemorySegment function(int place) {
        return functions.getAtIndex(ValueLayout.ADDRESS, place);
    }

    private static String text(MemorySegment info, long offset, long bytes) {
        byte[] padded = info.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
        return new String(padded, StandardCharsets.UTF_8).strip();
    }

    private static long call(MemorySegment function, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Byte b -> ValueLayout.JAVA_BYTE;
                case Long l -> ULONG;
                default -> ValueLayout.ADDRESS;
            };
        }
        try {
            return (long) Linker.nativeLinker()
                    .downcallHandle(function, FunctionDescriptor.of(ULONG, layouts))
                    .invokeWithArguments(arguments);
        } catch (Throwable e) { // what a method handle declares; a downcall itself throws nothing
            throw new IllegalStateException("the call did not happen", e);
        }
    }

    private static void check(long result) {
        if (result != OK) {
            throw new IllegalStateException("the module answered CKR 0x" + Long.toHexString(result));
        }
    }
}
