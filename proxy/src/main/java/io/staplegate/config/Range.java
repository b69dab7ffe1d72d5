package io.staplegate.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The bounds of a number, of a duration, or of an address's port, both inclusive and written as in the file. Without it
 * a number is 0 or more, a duration from {@code 1ms} to {@code 365d}, a port from 0 to 65535.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Range {
    String min() default "";

    String max() default "";
}
