/**
 * When a device was with which node, so far as it has moved. A stay ends on the last full hour before the release: a
 * device emits a register on every boundary of a market time unit, so there is one on the hour whatever the unit. What
 * it metered before is the one node's to bill, what after the other's, with no Wh between them.
 *
 *      9:00        10:00  10:20 ReleaseDevice by A   10:21 EnrolDevice by B
 *       |--- A ------|--------------- B ---------------->
 *
 * The hour is the releasing node's own word, which is against itself when early. When late the other node does not
 * enrol the device: by its own clock it has not been released yet.
 */
import assert from "node:assert/strict";
import { demand } from "../contract-error.ts";
import type { Transaction } from "../transaction/index.ts";
import { type Device, deviceReleaseAt, STAYS_MAX, type Stay, staysAt } from "./documents.ts";

const HOUR_MS = 3_600_000;

/** Clocks of honest nodes differ by less: as far as a device's may run ahead. */
const CLOCKS_APART_MS_MAX = 300_000;

/**
 * Ends the stay of a released device at its node, because another enrols it.
 *
 * @throws ContractError TIME_IN_FUTURE when it was released later than the caller's own clock says it is
 */
export async function endStay(transaction: Transaction, released: Device): Promise<void> {
  const { deviceId, vnId } = released;
  const release = await transaction.state.get(deviceReleaseAt(deviceId));
  assert(release !== undefined, "a released device has its release");
  const { releasedAtUnixMs } = release;
  const isPast = releasedAtUnixMs <= transaction.claimedAtUnixMs + CLOCKS_APART_MS_MAX;
  demand(isPast, "TIME_IN_FUTURE", () => `${deviceId} is released at ${releasedAtUnixMs}`);
  const ended = await endedStays(transaction, deviceId);
  const { stayNo, fromUnixMs } = nextStay(ended);
  const untilUnixMs = Math.max(fromUnixMs, releasedAtUnixMs - (releasedAtUnixMs % HOUR_MS));
  const stays = [...ended, { stayNo, vnId, fromUnixMs, untilUnixMs }];
  transaction.state.put(staysAt(deviceId), { ended: stays.slice(-STAYS_MAX) });
}

/** The stay of a device at a node that a span of time lies in wholly; undefined when there is none. */
export async function stayNoOf(
  transaction: Transaction,
  device: Pick<Device, "deviceId" | "vnId">,
  span: { readonly vnId: string; readonly fromUnixMs: number; readonly toUnixMs: number },
): Promise<number | undefined> {
  const ended = await endedStays(transaction, device.deviceId);
  const present: Stay = { ...nextStay(ended), vnId: device.vnId, untilUnixMs: Number.MAX_SAFE_INTEGER };
  const within = [...ended, present].find(
    ({ vnId, fromUnixMs, untilUnixMs }) =>
      vnId === span.vnId && fromUnixMs <= span.fromUnixMs && span.toUnixMs <= untilUnixMs,
  );
  return within?.stayNo;
}

/** Number and begin of the stay that follows; the first began before anything that could be billed. */
function nextStay(ended: readonly Stay[]): Pick<Stay, "stayNo" | "fromUnixMs"> {
  const last = ended.at(-1);
  return last === undefined ? { stayNo: 0, fromUnixMs: 0 } : { stayNo: last.stayNo + 1, fromUnixMs: last.untilUnixMs };
}

async function endedStays({ state }: Transaction, deviceId: string): Promise<readonly Stay[]> {
  return (await state.get(staysAt(deviceId)))?.ended ?? [];
}
