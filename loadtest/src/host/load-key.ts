import { createHash } from "node:crypto";
import { type SigningKey, signingKeyFromSeed } from "@gridpact/host";

/** As loadtest/generator/envelope/chain.go has it. */
const KEY_DOMAIN = "gridpact load device: ";

/**
 * Key of a load device. It follows from the id, so that whoever enrols the device and whoever signs for it agree
 * without passing keys about; such devices exist on test systems only.
 */
export function loadKey(deviceId: string): SigningKey {
  return signingKeyFromSeed(
    createHash("sha256")
      .update(KEY_DOMAIN + deviceId)
      .digest(),
  );
}

/** `load-00001` and so on. */
export function loadDeviceIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `load-${String(index + 1).padStart(5, "0")}`);
}
