package io.staplegate.config;

import java.nio.file.Path;

/**
 * A file that the configuration names.
 *
 * @param written the name as the user wrote it, for messages
 * @param path the same, resolved against the configuration file's folder
 */
public record FileReference(String written, Path path) {}
