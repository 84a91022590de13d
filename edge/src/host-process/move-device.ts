import { type Clock, type Log, type Random, type SigningKey, sleep } from "@gridpact/host";
import type { Resource } from "@gridpact/proto";
import type { AgreedMove } from "../consent/index.ts";
import { EnrolmentError, type Membership, type Post, requestMembership } from "../enrol/index.ts";
import { backoffMs } from "../uplink/index.ts";

/** Who moves. */
export type MovingDevice = { deviceId: string; key: SigningKey; resources: Resource[] };

/** Where it ended: `stayed` when the other node will not have it any more, undefined when nobody asks any more. */
export type MoveEnd = { kind: "arrived"; membership: Membership } | { kind: "stayed"; reason: string } | undefined;

/**
 * Asks the other node to enrol the device until that has an answer which will not change: it has it on the ledger, or
 * its token is withdrawn. MAY be called again after any failure: the same request has the same answer.
 * @param isWanted - Whether the move is still the device's newest, and the device runs
 */
export async function moveDevice(
  move: AgreedMove,
  { deviceId, key, resources }: MovingDevice,
  modules: { networkClock: Clock; random: Random; log: Log; post: Post; isWanted: () => boolean },
): Promise<MoveEnd> {
  const { networkClock, random, log, post, isWanted } = modules;
  const { toVnId, token, enrolmentUrl: url, mqttHost } = move;
  for (let attempts = 0; isWanted(); attempts++) {
    try {
      const membership = await requestMembership({ deviceId, url, token, resources }, { key, post });
      return { kind: "arrived", membership: { ...membership, movedTo: { vnId: toVnId, mqttHost } } };
    } catch (error) {
      if (!(error instanceof EnrolmentError)) throw error;
      if (!error.isPassing) return { kind: "stayed", reason: error.reason };
      log.info("move_waits", { deviceId, toVnId, attempts, reason: error.reason });
    }
    await sleep(networkClock, backoffMs(attempts, random));
  }
  return undefined;
}
