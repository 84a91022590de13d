/**
 * The protocol of one request as a state machine small enough to be explored to its last state: an SC1 with one SC2,
 * settlement, payment, a dispute about each of them, a claim, while time passes. It knows nothing of the contracts'
 * code; what it says is possible, and what it says is not, the replay holds against them.
 *
 * Money is in micro-currency. The amounts are those of the terms in `test/market.ts`, worked out by hand: the device is
 * to deliver 2,000 Wh at 200, penalty 100 capped at 150,000; the node 4,000 Wh at 300, penalty 200 capped at 500,000.
 * An amendment takes the second of the two intervals off the device: 1,000 Wh are left, penalty capped at 75,000.
 */

/** What the channel believes to have passed. */
export const MOMENTS = [
  "before",
  "begun",
  "ended",
  "window over",
  "evidence over",
  "ruling over",
  // The same three about the SC1.
  "node window over",
  "node evidence over",
  "node ruling over",
] as const;

type Moment = (typeof MOMENTS)[number];

/** Whether the channel believes that a moment has come. */
export function hasCome({ time }: Pick<State, "time">, moment: Moment): boolean {
  return time >= MOMENTS.indexOf(moment);
}

/**
 * What the contracts keep of one request, as far as money and deadlines depend on it. Micro-currency, whole numbers.
 */
export type State = {
  /** Position in `MOMENTS`. */
  readonly time: number;
  readonly sc1: "proposed" | "accepted" | "settled" | "completed" | "refused" | "expired";
  readonly sc2: "none" | "proposed" | "accepted" | "settled" | "completed" | "expired";
  readonly chunk: "none" | "open" | "summed" | "completed";
  readonly dispute: "none" | "open" | "closed";
  readonly sc1Dispute: "none" | "open" | "closed";
  readonly hasEvidence: boolean;
  /** Which registers the SC2 is settled from. */
  readonly shown: "nothing" | "all" | null;
  /** What the SC1 is settled from: which of the two is fixed when the chunk is summed, or added up anew. */
  readonly summed: Summed;
  /** What the chunk was added up to anew, in a dispute about the SC1. */
  readonly anew: Summed;
  /** Time of the commitment; null while there is none. */
  readonly committedAt: number | null;
  /** Time of the amendment; null while there is none. */
  readonly amendedAt: number | null;
  readonly money: Money;
  /** How often a device's contract paid what is not held back, and how often what is. */
  readonly payments: number;
  readonly heldPayments: number;
  /** The same of the SC1. */
  readonly sc1Payments: number;
  readonly sc1HeldPayments: number;
};

type Summed = "nothing" | "all" | "empty" | null;

/** Where the money is. Without `claim` the fields always add up to what was minted. */
export type Money = {
  readonly aggregator: number;
  readonly vn: number;
  readonly device: number;
  readonly sc1: number;
  readonly sc2: number;
  /** Owed by the node to the device after a ruling; it is no money yet. */
  readonly claim: number;
};

/** An action, named as in `ACTIONS` and in the Quint form, and the state it leads to. */
export type Step = { readonly action: string; readonly state: State };

const SC1 = { escrow: 1_200_000, deposit: 500_000 };
const SC2 = { escrow: 400_000, deposit: 150_000 };

/** What an amendment frees of the SC2's funds. */
const CUT = { escrow: 200_000, deposit: 75_000 };

type Split = { provider: number; payer: number };

/** What provider and payer of a contract end with, out of its funds. */
function sc2Split({ amendedAt }: State, shown: "nothing" | "all"): Split {
  const funds = amendedAt === null ? 550_000 : 275_000;
  return shown === "all" ? { provider: funds, payer: 0 } : { provider: 0, payer: funds };
}

/** With 2,000 Wh of 4,000 delivered the node has 600,000 and 100,000 of its deposit, with 1,000 Wh 300,000. */
function sc1Split({ amendedAt }: State, summed: "nothing" | "all" | "empty"): Split {
  const delivered =
    amendedAt === null ? { provider: 700_000, payer: 1_000_000 } : { provider: 300_000, payer: 1_400_000 };
  return summed === "all" ? delivered : { provider: 0, payer: 1_700_000 };
}

/** Half of everything is held back. */
const HELD_SHARE = 2;

/** The SC1 is proposed: its escrow has left the aggregator's account, nothing else has happened. */
export const INITIAL: State = {
  time: 0,
  sc1: "proposed",
  sc2: "none",
  chunk: "none",
  dispute: "none",
  sc1Dispute: "none",
  hasEvidence: false,
  shown: null,
  summed: null,
  anew: null,
  committedAt: null,
  amendedAt: null,
  money: {
    aggregator: 1_000_000_000 - SC1.escrow,
    vn: 1_000_000_000,
    device: 1_000_000,
    sc1: SC1.escrow,
    sc2: 0,
    claim: 0,
  },
  payments: 0,
  heldPayments: 0,
  sc1Payments: 0,
  sc1HeldPayments: 0,
};

type Rule = (state: State) => State | undefined;

/** Every action with the state it leads to; undefined where it is not possible. */
export const ACTIONS: Readonly<Record<string, Rule>> = {
  tick: (s) => (s.time < MOMENTS.length - 1 ? { ...s, time: s.time + 1 } : undefined),
  acceptSc1: (s) => {
    if (s.sc1 !== "proposed" || s.time !== 0) return undefined;
    return { ...move(s, { vn: -SC1.deposit, sc1: SC1.deposit }), sc1: "accepted", committedAt: s.time };
  },
  refuseSc1: (s) => (s.sc1 === "proposed" ? { ...emptySc1(s), sc1: "refused" } : undefined),
  setUpSc2: (s) => {
    if (s.sc1 !== "accepted" || s.sc2 !== "none") return undefined;
    return { ...move(s, { vn: -SC2.escrow, sc2: SC2.escrow }), sc2: "proposed", chunk: "open" };
  },
  acceptSc2: (s) => {
    if (s.sc2 !== "proposed" || s.time !== 0) return undefined;
    return { ...move(s, { device: -SC2.deposit, sc2: SC2.deposit }), sc2: "accepted" };
  },
  // The device gives up an interval that has not begun; escrow and deposit follow the order in force.
  amendSc2: (s) => {
    const isPossible = s.sc1 === "accepted" && s.sc2 === "accepted" && s.amendedAt === null && !hasCome(s, "ended");
    if (!isPossible) return undefined;
    const freed = { vn: CUT.escrow, device: CUT.deposit, sc2: -CUT.escrow - CUT.deposit };
    return { ...move(s, freed), amendedAt: s.time };
  },
  // A reading that can still be taken is no gap.
  settleShowingNothing: (s) => (s.sc2 === "proposed" || hasCome(s, "ended") ? settleSc2(s, "nothing") : undefined),
  settleShowingAll: (s) => settleSc2(s, "all"),
  sumChunk: (s) => {
    if (s.sc1 !== "accepted" || s.chunk !== "open" || (s.sc2 !== "settled" && s.sc2 !== "expired")) return undefined;
    return { ...s, chunk: "summed", summed: s.shown ?? "empty" };
  },
  settleSc1: (s) => {
    if (s.sc1 === "proposed") return { ...emptySc1(s), sc1: "expired" };
    if (s.sc1 !== "accepted" || s.chunk === "open") return undefined;
    return { ...s, sc1: "settled", summed: s.summed ?? "empty" };
  },
  completeChunk: (s) => {
    if (s.sc1 !== "settled" || s.chunk !== "summed") return undefined;
    if (s.shown === null) return { ...s, chunk: "completed" };
    const { provider, payer } = sc2Split(s, s.shown);
    const paid = { device: provider / HELD_SHARE, vn: payer / HELD_SHARE };
    const held = { ...move(s, { ...paid, sc2: -paid.device - paid.vn }), payments: s.payments + 1 };
    return { ...held, chunk: "completed", sc2: "completed" };
  },
  completeSc1: (s) => {
    const isPaid = s.chunk === "none" || s.chunk === "completed";
    if (s.sc1 !== "settled" || !isPaid || s.summed === null) return undefined;
    const { provider, payer } = sc1Split(s, s.summed);
    const [vn, aggregator] = [provider / HELD_SHARE, payer / HELD_SHARE];
    const paid = move(s, { vn, aggregator, sc1: -vn - aggregator });
    return { ...paid, sc1: "completed", sc1Payments: s.sc1Payments + 1 };
  },
  openDispute: (s) => {
    const isSettled = s.sc2 === "settled" || s.sc2 === "completed";
    return isSettled && s.dispute === "none" && !hasCome(s, "window over") ? { ...s, dispute: "open" } : undefined;
  },
  submitEvidence: (s) => {
    const isMore = s.shown === "nothing" && !s.hasEvidence;
    return s.dispute === "open" && isMore && !hasCome(s, "evidence over") ? { ...s, hasEvidence: true } : undefined;
  },
  uphold: (s) => (isRuled(s) && s.hasEvidence ? resettle(s, "all") : undefined),
  reject: (s) => (isRuled(s) ? resettle(s, s.shown) : undefined),
  closeDispute: (s) => {
    return s.dispute === "open" && hasCome(s, "ruling over") ? resettle(s, s.hasEvidence ? "all" : s.shown) : undefined;
  },
  release: (s) => {
    const isReleasable = s.sc2 === "completed" && s.money.sc2 > 0 && hasCome(s, "window over") && s.dispute !== "open";
    if (!isReleasable || s.shown === null) return undefined;
    const { provider, payer } = sc2Split(s, s.shown);
    return payHeld(s, { device: provider / HELD_SHARE, vn: payer / HELD_SHARE });
  },
  openSc1Dispute: (s) => {
    const isSettled = s.sc1 === "settled" || s.sc1 === "completed";
    const isPossible = isSettled && s.sc1Dispute === "none" && !hasCome(s, "node window over");
    return isPossible ? { ...s, sc1Dispute: "open" } : undefined;
  },
  sumAnew: (s) => {
    const isPossible = s.sc1Dispute === "open" && s.chunk !== "none" && !hasCome(s, "node evidence over");
    return isPossible ? { ...s, anew: s.shown ?? "empty" } : undefined;
  },
  upholdSc1: (s) => (isSc1Ruled(s) ? resettleSc1(s, s.anew ?? s.summed) : undefined),
  rejectSc1: (s) => (isSc1Ruled(s) ? resettleSc1(s, s.summed) : undefined),
  closeSc1Dispute: (s) => {
    const isOver = s.sc1Dispute === "open" && hasCome(s, "node ruling over");
    return isOver ? resettleSc1(s, s.anew ?? s.summed) : undefined;
  },
  releaseSc1: (s) => {
    const isReleasable = s.sc1 === "completed" && s.money.sc1 > 0 && hasCome(s, "node window over");
    if (!isReleasable || s.sc1Dispute === "open" || s.summed === null) return undefined;
    return paySc1Held(s, sc1Split(s, s.summed).provider / HELD_SHARE);
  },
  payClaim: (s) => {
    const { claim } = s.money;
    return claim > 0 ? move(s, { vn: -claim, device: claim, claim: -claim }) : undefined;
  },
};

/** Every action that is possible in a state, one step each; what is not in it the contracts MUST refuse. */
export function stepsFrom(state: State): Step[] {
  return Object.entries(ACTIONS).flatMap(([action, rule]) => {
    const next = rule(state);
    return next === undefined ? [] : [{ action, state: next }];
  });
}

/** Micro-currency in accounts and contracts; a claim is a promise and no part of it. */
export function totalMoney({ aggregator, vn, device, sc1, sc2 }: Money): number {
  return aggregator + vn + device + sc1 + sc2;
}

/** Whether it is the auditor's time to rule on an open dispute. */
function isRuled(s: State): boolean {
  return s.dispute === "open" && hasCome(s, "evidence over") && !hasCome(s, "ruling over");
}

function isSc1Ruled(s: State): boolean {
  return s.sc1Dispute === "open" && hasCome(s, "node evidence over") && !hasCome(s, "node ruling over");
}

/** What a new settlement gives the node is never more than what is held: no claim arises here. */
function resettleSc1(s: State, summed: Summed): State | undefined {
  if (summed === null || s.summed === null) return undefined;
  const closed: State = { ...s, sc1Dispute: "closed", summed };
  if (s.sc1 === "settled") return closed;
  return paySc1Held(closed, sc1Split(s, summed).provider - sc1Split(s, s.summed).provider / HELD_SHARE);
}

function paySc1Held(s: State, toNode: number): State {
  const paid = move(s, { vn: toNode, aggregator: s.money.sc1 - toNode, sc1: -s.money.sc1 });
  return { ...paid, sc1HeldPayments: s.sc1HeldPayments + 1 };
}

function settleSc2(s: State, shown: "nothing" | "all"): State | undefined {
  // Once a chunk is summed nothing of it is open; before it, an offer that nobody accepted just expires.
  if (s.sc2 === "proposed") return { ...move(s, { vn: s.money.sc2, sc2: -s.money.sc2 }), sc2: "expired" };
  return s.sc2 === "accepted" ? { ...s, sc2: "settled", shown } : undefined;
}

/** Before the payment a new settlement takes the place of the old; after it the held money makes it good. */
function resettle(s: State, shown: State["shown"]): State | undefined {
  if (shown === null || s.shown === null) return undefined;
  const closed: State = { ...s, dispute: "closed", shown };
  if (s.sc2 === "settled") return closed;
  const dueToDevice = sc2Split(s, shown).provider - sc2Split(s, s.shown).provider / HELD_SHARE;
  const device = Math.min(s.money.sc2, dueToDevice);
  const paid = payHeld(closed, { device, vn: s.money.sc2 - device });
  return { ...paid, money: { ...paid.money, claim: dueToDevice - device } };
}

function payHeld(s: State, paid: { device: number; vn: number }): State {
  return { ...move(s, { ...paid, sc2: -s.money.sc2 }), heldPayments: s.heldPayments + 1 };
}

function emptySc1(s: State): State {
  return move(s, { aggregator: s.money.sc1, sc1: -s.money.sc1 });
}

function move(s: State, changes: Partial<Money>): State {
  const money = Object.entries(s.money).map(([key, amount]) => [key, amount + (changes[key as keyof Money] ?? 0)]);
  return { ...s, money: Object.fromEntries(money) as Money };
}
