package io.staplegate.admin;

/** Where the endpoint is, which says who can knock. */
enum Door {
    /** A Unix domain socket: its file's mode says who; no browser. */
    UNIX,
    /** A loopback address: everybody on this machine, also by way of a browser. */
    LOOPBACK,
    /** Everybody in the network. */
    NETWORK
}
