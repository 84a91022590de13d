import type { X509Certificate } from "node:crypto";
import { isDeviceId, PUBLIC_KEY_BYTES } from "@gridpact/proto";
import type { DeviceIdentity } from "./access.ts";

/**
 * Who a verified client certificate stands for: its one common name, when that is a device id, and its Ed25519 key.
 * Undefined for every other certificate of the same authority, such as a server's.
 */
export function deviceIdentity(certificate: X509Certificate): DeviceIdentity | undefined {
  const commonNames = certificate.subject.split("\n").filter((line) => line.startsWith("CN="));
  const deviceId = commonNames[0]?.slice("CN=".length) ?? "";
  if (commonNames.length !== 1 || !isDeviceId(deviceId)) return undefined;
  if (certificate.publicKey.asymmetricKeyType !== "ed25519") return undefined;
  // The key is the end of its SubjectPublicKeyInfo. [RFC8410 s.4]
  const spki = certificate.publicKey.export({ format: "der", type: "spki" });
  return { deviceId, publicKey: new Uint8Array(spki.subarray(-PUBLIC_KEY_BYTES)) };
}
