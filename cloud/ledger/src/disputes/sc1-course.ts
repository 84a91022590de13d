/**
 * What has to be done about a settled SC1 and when, as a function of what the ledger says:
 * ```
 * end --windows of disputes about SC2--> --dispute window--> --evidence window--> --ruling window-->
 *  |    wait                            |  compare: other   |  sumAnew          |  wait          |  close
 *  |                                    |  than recomputed? |                   |  (auditor)     |
 *  |                                    |  open, sumAnew    |  no dispute: release what is held back, done
 * ```
 */
import { deadlinesOf, type Sc1, type Sc1Dispute, sc1DeadlinesOf } from "@gridpact/contracts";

/** `sumAnew` may come again and again: it names no act, but that chunks are to be looked at. */
export type Sc1Due =
  | { kind: "compare" | "sumAnew" | "close" | "release" | "done" }
  /** Nothing before this instant, or before the contract has changed. */
  | { kind: "wait"; untilUnixMs: number };

/** @param dispute - Undefined while there is none */
export function sc1Due(contract: Sc1, dispute: Sc1Dispute | undefined, nowUnixMs: number): Sc1Due {
  if (dispute?.state === "open") return disputedDue(contract, nowUnixMs);
  const sc2OverUnixMs = deadlinesOf(contract).ruleUntilUnixMs;
  if (dispute === undefined && nowUnixMs < sc2OverUnixMs) return { kind: "wait", untilUnixMs: sc2OverUnixMs };
  const { openUntilUnixMs } = sc1DeadlinesOf(contract);
  const isOpenable = nowUnixMs < openUntilUnixMs;
  if (dispute === undefined && isOpenable) return { kind: "compare" };
  // What is not paid yet holds nothing back yet.
  if (contract.state !== "completed") return { kind: "wait", untilUnixMs: nowUnixMs };
  if (contract.heldMicro === 0n) return { kind: "done" };
  return isOpenable ? { kind: "wait", untilUnixMs: openUntilUnixMs } : { kind: "release" };
}

function disputedDue(contract: Sc1, nowUnixMs: number): Sc1Due {
  const { evidenceUntilUnixMs, ruleUntilUnixMs } = sc1DeadlinesOf(contract);
  if (nowUnixMs < evidenceUntilUnixMs) return { kind: "sumAnew" };
  return nowUnixMs < ruleUntilUnixMs ? { kind: "wait", untilUnixMs: ruleUntilUnixMs } : { kind: "close" };
}
