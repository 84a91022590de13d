import type { EventResult } from "@gridpact/aggregator";
import type { BalanceReport } from "@gridpact/broker";
import type { ContractOutcome } from "./contract-outcomes.ts";
import type { Unserved } from "./unserved.ts";

/** Machine-readable end of a day, as `--json` writes it; integers beyond a count are decimal text. */
export type DaySummary = {
  seed: string;
  seconds: number;
  virtualNodes: number;
  feids: number;
  /** Over all starts of the devices; see `restarts`. */
  readings: { sent: string; acked: string; stored: string; rejected: string };
  /** Starts of the devices after the first; whether they could say what had been acknowledged before each. */
  restarts: { count: number; areReadingsKnown: boolean };
  anchors: { batches: string; leaves: string };
  event: { requestedWh: string; deliveredWh: string; rearrangedWh: string; deficientWh: string; outcome: string };
  /** The nodes' own balance on the day, of those that have any. */
  balance: NodeBalance[];
  money: { escrowedMicro: string; paidMicro: string; penaltyMicro: string; returnedMicro: string };
  contracts: ContractOutcome[];
  /** Nodes that were asked and have no contract. */
  unserved: Unserved[];
  receipts: string[];
  ledger: { height: number; headHash: string };
};

/**
 * How often the devices were started again. Their counters begin anew then, those of nodes go on; what a device had not
 * heard of as acknowledged it sends again, and counts again as sent:
 *
 *      sent in the day = acknowledged before the last start + sent since
 */
export type Restarts = {
  count: number;
  /** Null when devices were killed and could not say. */
  readingsAckedBefore: number | null;
};

/** Of a day that went on without a break. */
export const NO_RESTARTS: Restarts = { count: 0, readingsAckedBefore: 0 };

/** With self-balancing and, by the devices' own sums, without; energies in Wh. */
export type NodeBalance = {
  vnId: string;
  surplusWh: string;
  keptWh: string;
  unmovedKeptWh: string;
  sharedWh: string;
  peakW: number;
  unmovedPeakW: number;
};

/** What a node's report comes to in a summary. */
export function nodeBalance(vnId: string, { figures }: BalanceReport): NodeBalance {
  const { surplusWh, keptWh, unmovedKeptWh, sharedWh, peakW, unmovedPeakW } = figures;
  return { vnId, ...texts({ surplusWh, keptWh, unmovedKeptWh, sharedWh }), peakW, unmovedPeakW };
}

/** What a day came to, as counted; from the running system or from the simulation. */
export type DayFacts = {
  seed: string;
  seconds: number;
  virtualNodes: number;
  feids: number;
  /** `sent` and `acked` are the devices' since their last start. */
  readings: { sent: number; acked: number; stored: number; rejected: number };
  restarts: Restarts;
  anchors: { batches: number; leaves: number };
  balance: NodeBalance[];
  result: EventResult;
  contracts: ContractOutcome[];
  unserved: Unserved[];
  receipts: readonly string[];
  ledger: { height: number; headHash: string };
};

/** Energies, money and counts of readings become decimal text, as a double does not keep them. */
export function summarise(facts: DayFacts): DaySummary {
  const { seed, seconds, virtualNodes, feids, anchors, balance, result, contracts, unserved, receipts, ledger } = facts;
  const { requestedWh, deliveredWh, rearrangedWh, deficientWh, outcome, money } = result;
  return {
    seed,
    seconds,
    virtualNodes,
    feids,
    ...readingsOf(facts),
    anchors: texts(anchors),
    balance,
    event: { ...texts({ requestedWh, deliveredWh, rearrangedWh, deficientWh }), outcome },
    money: texts({
      escrowedMicro: money.escrowedMicro,
      paidMicro: money.paidMicro,
      penaltyMicro: money.penaltyMicro,
      returnedMicro: money.returnedMicro,
    }),
    contracts,
    unserved,
    receipts: [...receipts],
    ledger,
  };
}

function readingsOf({ readings, restarts }: DayFacts): Pick<DaySummary, "readings" | "restarts"> {
  const { count, readingsAckedBefore } = restarts;
  const before = readingsAckedBefore ?? 0;
  const [sent, acked] = [readings.sent + before, readings.acked + before];
  return {
    readings: texts({ ...readings, sent, acked }),
    restarts: { count, areReadingsKnown: readingsAckedBefore !== null },
  };
}

/**
 * Equations that every day must satisfy; those that do not hold, in words. What was stored is not compared where it is
 * not known what was acknowledged.
 */
export function brokenEquations({ readings, restarts, event, money, contracts, receipts }: DaySummary): string[] {
  const [sent, acked, stored, rejected] = [readings.sent, readings.acked, readings.stored, readings.rejected].map(
    BigInt,
  );
  const n = (text: string) => BigInt(text);
  const settled = contracts.reduce((sum, { devices }) => sum + devices.success + devices.partial + devices.failure, 0);
  const checks: [boolean, string][] = [
    [sent === acked, `sent ${sent} is not acked ${acked}`],
    [
      !restarts.areReadingsKnown || acked === (stored ?? 0n) + (rejected ?? 0n),
      `acked ${acked} is not stored ${stored} + rejected ${rejected}`,
    ],
    [
      n(event.requestedWh) === n(event.deliveredWh) + n(event.deficientWh),
      `requested ${event.requestedWh} is not delivered ${event.deliveredWh} + deficient ${event.deficientWh}`,
    ],
    [n(event.rearrangedWh) <= n(event.deliveredWh), "more was re-arranged than delivered"],
    [
      n(money.escrowedMicro) === n(money.paidMicro) + n(money.penaltyMicro) + n(money.returnedMicro),
      `escrowed ${money.escrowedMicro} is not paid + penalty + returned`,
    ],
    ...contracts.flatMap(({ vnId, faults }) => faults.map((fault): [boolean, string] => [false, `${vnId} ${fault}`])),
    [receipts.length === settled, `${receipts.length} receipts of ${settled} settled contracts`],
  ];
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault);
}

function texts<T extends Record<string, number | bigint>>(values: T): { [K in keyof T]: string } {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.toString()])) as {
    [K in keyof T]: string;
  };
}
