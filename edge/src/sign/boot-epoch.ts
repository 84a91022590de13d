import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";

const PATH = "boot-epoch.json";

/** First boot epoch of a device. [reading.proto, EnvelopePayload.boot_epoch] */
const FIRST_EPOCH = 1;

/** `isUsed`: an envelope of it may have been sent. */
type BootEpoch = { bootEpoch: number; isUsed: boolean };

/**
 * The boot epoch of a device without sequence state: the first, or one more than the last that was used, durable before
 * it is used. It is kept apart from the spool so that it outlives it. When the whole disk was lost, `bootEpochMin` MUST
 * say how far the device had come; a number that was used before would be taken for an equivocation.
 */
export async function startBootEpoch(disk: Disk, bootEpochMin = FIRST_EPOCH): Promise<number> {
  const last = (await readBootEpoch(disk)) ?? { bootEpoch: 0, isUsed: true };
  const bootEpoch = Math.max(last.isUsed ? last.bootEpoch + 1 : last.bootEpoch, bootEpochMin);
  await writeBootEpoch(disk, { bootEpoch, isUsed: false });
  return bootEpoch;
}

/** The boot epoch that the device is in; only for a device whose spool holds something of it. */
export async function currentBootEpoch(disk: Disk): Promise<number> {
  const current = await readBootEpoch(disk);
  assert(current !== undefined, "a boot epoch is started before anything is spooled");
  return current.bootEpoch;
}

/** Notes durably that envelopes of the epoch may be sent. MUST come before the first is. */
export async function useBootEpoch(disk: Disk, bootEpoch: number): Promise<void> {
  if ((await readBootEpoch(disk))?.isUsed !== true) await writeBootEpoch(disk, { bootEpoch, isUsed: true });
}

async function readBootEpoch(disk: Disk): Promise<BootEpoch | undefined> {
  const stored = await disk.read(PATH);
  return stored === undefined ? undefined : (JSON.parse(Buffer.from(stored).toString()) as BootEpoch);
}

function writeBootEpoch(disk: Disk, epoch: BootEpoch): Promise<void> {
  return disk.replace(PATH, Buffer.from(JSON.stringify(epoch)));
}
