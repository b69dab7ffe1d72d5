package io.staplegate.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A key whose feature does not exist yet: it is refused, never ignored, because who writes it relies on it. Whoever
 * builds the feature deletes the annotation.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface NotYet {
    /** What this version cannot do, for example {@code answer OCSP requests from a mirror}. */
    String value();
}
