/**
 * The configuration: immutable records, and the reader that makes them of one strict YAML file.
 *
 * <p>Floor 0: calls no other room. Reports every problem at once as {@link io.staplegate.config.Problem} values. Knows
 * the shape of the file and what its keys refer to; knows nothing of certificates, sockets or time. Home of the YAML
 * library.
 */
@NullMarked
package io.staplegate.config;

import org.jspecify.annotations.NullMarked;
