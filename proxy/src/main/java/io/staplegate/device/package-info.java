/**
 * What CAs say of certificates that are not our own: OCSP answers and revocation lists of the CAs that are served,
 * fetched when somebody asks, kept until their nextUpdate; and the lists that devices' certificates are checked
 * against. And what becomes of devices by all that: who may come in, and who must leave.
 *
 * <p>Floor 2: may call {@code identity}, {@code fetch}, {@code ocsp}, {@code store}, {@code config}, {@code telemetry},
 * and of {@code relay} how a session ends. Nobody who asks is blocked. Knows nothing of who asks.
 */
@NullMarked
package io.staplegate.device;

import org.jspecify.annotations.NullMarked;
