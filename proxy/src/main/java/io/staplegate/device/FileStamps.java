package io.staplegate.device;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a file looked like when it was read last, and when it was seen last. The latter is of the ticking thread. */
final class FileStamps {
    private volatile @Nullable List<Object> read;
    private @Nullable List<Object> seen;

    /** It is being read as it is; null: there is none. */
    void read(@Nullable List<Object> stamp) {
        read = stamp == null ? List.of() : stamp;
    }

    /** It is to be read again, though it may not have changed. */
    void forget() {
        read = null;
    }

    /**
     * Whether it is another than was read. A change counts once it was seen twice: whoever writes the file in place
     * takes a while.
     *
     * @param stamp as it is now; null: there is none
     * @param wasRead whether it was ever looked at; the first time, once is enough
     */
    boolean hasChanged(@Nullable List<Object> stamp, boolean wasRead) {
        List<Object> before = seen;
        seen = stamp;
        return stamp != null && !stamp.equals(read) && (stamp.equals(before) || !wasRead);
    }
}
