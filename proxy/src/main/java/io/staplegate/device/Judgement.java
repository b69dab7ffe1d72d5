package io.staplegate.device;

import io.staplegate.telemetry.DeviceCheck;

/**
 * What becomes of a device.
 *
 * @param outcome why, as metrics and logs call it
 * @param isLetIn whether it may talk to the backend
 */
public record Judgement(DeviceCheck outcome, boolean isLetIn) {}
