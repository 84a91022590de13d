import type { EventResult } from "@gridpact/aggregator";
import type { BalanceReport } from "@gridpact/broker";
import type { ContractOutcome } from "./contract-outcomes.ts";

/** Machine-readable end of a day, as `--json` writes it; integers beyond a count are decimal text. */
export type DaySummary = {
  seed: string;
  seconds: number;
  virtualNodes: number;
  feids: number;
  readings: { sent: string; acked: string; stored: string; rejected: string };
  anchors: { batches: string; leaves: string };
  event: { requestedWh: string; deliveredWh: string; rearrangedWh: string; deficientWh: string; outcome: string };
  /** The nodes' own balance on the day, of those that have any. */
  balance: NodeBalance[];
  money: { escrowedMicro: string; paidMicro: string; penaltyMicro: string; returnedMicro: string };
  contracts: ContractOutcome[];
  receipts: string[];
  ledger: { height: number; headHash: string };
};

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

export type DayFacts = {
  seed: string;
  seconds: number;
  virtualNodes: number;
  feids: number;
  readings: { sent: number; acked: number; stored: number; rejected: number };
  anchors: { batches: number; leaves: number };
  balance: NodeBalance[];
  result: EventResult;
  contracts: ContractOutcome[];
  receipts: readonly string[];
  ledger: { height: number; headHash: string };
};

export function summarise(facts: DayFacts): DaySummary {
  const { seed, seconds, virtualNodes, feids, readings, anchors, balance, result, contracts, receipts, ledger } = facts;
  const { requestedWh, deliveredWh, rearrangedWh, deficientWh, outcome, money } = result;
  return {
    seed,
    seconds,
    virtualNodes,
    feids,
    readings: texts(readings),
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
    receipts: [...receipts],
    ledger,
  };
}

/** Equations that every day must satisfy; those that do not hold, in words. */
export function brokenEquations({ readings, event, money, contracts, receipts }: DaySummary): string[] {
  const [sent, acked, stored, rejected] = [readings.sent, readings.acked, readings.stored, readings.rejected].map(
    BigInt,
  );
  const n = (text: string) => BigInt(text);
  const settled = contracts.reduce((sum, { devices }) => sum + devices.success + devices.partial + devices.failure, 0);
  const checks: [boolean, string][] = [
    [sent === acked, `sent ${sent} is not acked ${acked}`],
    [acked === (stored ?? 0n) + (rejected ?? 0n), `acked ${acked} is not stored ${stored} + rejected ${rejected}`],
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
