import { createPrivateKey } from "node:crypto";
import { type Disk, type Random, SEED_BYTES, type SigningKey, signingKeyFromSeed } from "@gridpact/host";

const PATH = "device-key.pem";

/**
 * The device's own key: made at its first start and never shown to anyone else. The disk makes files that only their
 * owner can read (mode 0600).
 */
export async function openDeviceKey(disk: Disk, random: Random): Promise<SigningKey> {
  const stored = await readDeviceKey(disk);
  if (stored !== undefined) return stored;
  const key = signingKeyFromSeed(random.bytes(SEED_BYTES));
  await disk.replace(PATH, Buffer.from(privateKeyPem(key)));
  return key;
}

/** The key of a device that has started before, for its owner; undefined where there is none, and none is made. */
export async function readDeviceKey(disk: Pick<Disk, "read">): Promise<SigningKey | undefined> {
  const stored = await disk.read(PATH);
  return stored === undefined ? undefined : readKey(Buffer.from(stored));
}

/** PKCS #8, for TLS. */
export function privateKeyPem(key: SigningKey): string {
  return key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

/** The seed is the end of an Ed25519 key in PKCS #8. [RFC8410 s.7] */
function readKey(pem: Buffer): SigningKey {
  const der = createPrivateKey(pem).export({ format: "der", type: "pkcs8" });
  return signingKeyFromSeed(der.subarray(-SEED_BYTES));
}
