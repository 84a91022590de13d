import type { DrRequest } from "@gridpact/proto";
import {
  type Choice,
  type ChoiceRules,
  type ChoiceWay,
  chooseGreedily,
  dispatchOrders,
  type FallbackReason,
  type Solver,
} from "../dispatch/index.ts";
import type { Assignment, Candidate } from "../document/index.ts";
import { planHash, sha256OfJson } from "../document/index.ts";
import { originalsFor, type PassedOver } from "../plan/index.ts";

/** What came of a choice once everything was metered; amounts of one prosumer. */
export type ChoiceOutcome = {
  deviceId: string;
  kind: Assignment["kind"];
  hasSigned: boolean;
  /** Index of its first interval in the event. */
  firstInterval: number;
  /** Order in force at the end, in each interval from the first one on, Wh; null when it was never amended. */
  inForceWh: bigint[] | null;
  /** Ordered at most and delivered in each interval from the first one on, Wh. */
  orderedWh: bigint[];
  deliveredWh: bigint[];
  paidMicro: bigint;
  penaltyMicro: bigint;
};

/** Value of the event for the node (price of what arrived, less pay and penalty), micro-currency. */
export type ChoiceValue = {
  actualMicro: bigint;
  /** Had devices been ordered by the greedy rule; theirs is an estimate where they were not called. */
  greedyMicro: bigint;
  /** Had every delivery been known beforehand: nobody can reach more. */
  clairvoyantMicro: bigint;
};

/**
 * Whom a node chose for a request and everything it chose by, kept beyond the event: anyone who has it can make the
 * choice again. Its plan hash is the one that the node committed to on the ledger before the event.
 */
export type ChoiceRecord = {
  kind: "gridpact-choice";
  version: 1;
  vnId: string;
  request: DrRequest;
  decidedAtUnixMs: number;
  /** Forecast, matching and dispatch, as named by their own versions; no dispatch where all choices were greedy. */
  models: { forecast: string; matching: string; dispatch?: string };
  candidates: Candidate[];
  passedOver: PassedOver[];
  rules: ChoiceRules;
  /** How the orders came about; left out by versions that chose greedily only. */
  way?: ChoiceWay;
  /** What a device gets that has no price of its own, and pays of the node's penalty, per Wh. */
  deviceTerms: { priceMicroPerWh: bigint; penaltyMicroPerWh: bigint };
  /** SHA-256 (hex) of request, candidates and rules. */
  inputsHashHex: string;
  /** Devices chosen before the event, with their orders, Wh per interval; and its hash. */
  plan: { deviceId: string; orderedWh: bigint[] }[];
  planHashHex: string;
  /** Null until the event is settled. */
  outcomes: ChoiceOutcome[] | null;
  value: ChoiceValue | null;
};

/** SHA-256 (hex) of all that the choice follows from. */
export function inputsHash({ request, candidates, rules }: Pick<ChoiceRecord, "request" | "candidates" | "rules">) {
  return sha256OfJson({ request, candidates, rules });
}

/** What making a choice again shows. */
export type ChoiceReplay = { isSame: true } | { isSame: false; reason: "inputs_changed" | "choice_changed" };

/** Makes a kept choice again from its inputs alone, and compares to the last bit. */
export function replayChoice(record: ChoiceRecord, solver: Solver): ChoiceReplay {
  if (inputsHash(record) !== record.inputsHashHex) return { isSame: false, reason: "inputs_changed" };
  const { orders, way } = choiceAgain(record, solver);
  const assignments = originalsFor(record.request, orders);
  const isSame = planHash({ assignments }) === record.planHashHex && sameWay(way, record.way);
  return isSame ? { isSame: true } : { isSame: false, reason: "choice_changed" };
}

/** That the solver was late or missing follows from no inputs: its absence is taken from the record. */
function choiceAgain({ request, candidates, rules, way }: ChoiceRecord, solver: Solver): Choice {
  const isWithout = way === undefined || (way.way === "fallback" && ABSENCES.has(way.reason));
  if (!isWithout) return dispatchOrders(solver, { request, candidates, rules });
  return { orders: chooseGreedily(request, candidates, rules), ...(way && { way }) };
}

const ABSENCES: ReadonlySet<FallbackReason> = new Set<FallbackReason>(["no_solver", "no_time"]);

function sameWay(left: ChoiceWay | undefined, right: ChoiceWay | undefined): boolean {
  return sha256OfJson(left ?? null) === sha256OfJson(right ?? null);
}
