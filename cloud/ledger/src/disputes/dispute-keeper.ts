import { CHAINCODE_EVENT, deadlinesOf, recomputeSc1, rulingClaimId, type Sc1View } from "@gridpact/contracts";
import type { Clock, Disk, Log } from "@gridpact/host";
import type { Ledger, LedgerArgument, LedgerEvent } from "../client/index.ts";
import { EventFollower } from "../follower/index.ts";
import { LedgerActs, type Outbox } from "../outbox/index.ts";
import { ask, chunksOfSc2, sc1DisputeOf, sc2DisputeOf, unlessRefused } from "./contract-queries.ts";
import { releasable } from "./releasable.ts";
import { claimDue, isRulingPaidBy } from "./ruling-claim.ts";
import { type Sc1Due, sc1Due } from "./sc1-course.ts";

export type DisputeKeeperOptions = {
  /** Whose contracts are kept: one virtual node's, or all that the aggregator has. */
  vnId: string | "all";
};

/** The outbox, as money moves: each act has one effect, whoever crashes when. */
export type DisputeKeeperModules = {
  clock: Clock;
  /** Keeps from which block on events have to be read again after a restart. */
  disk: Disk;
  ledger: Pick<Ledger, "evaluate" | "events">;
  outbox: Pick<Outbox, "execute">;
  log: Log;
};

type Acted = { opened: number; closed: number; released: number; paid: number; suspended: number };

/** Contracts, disputes and claims that are not over, and the acts since the keeper was opened. */
export type DisputeCounts = Acted & { waiting: number };

/**
 * Contracts and disputes that are not over. A contract is through within a day of its event, so this is a thousand
 * events a day; beyond it no further events are read until some are through, and the ledger keeps them meanwhile.
 */
export const DISPUTES_WAITING_MAX = 4_096;

/** Between two looks at a contract that may still change; a window has a dozen at least. */
export const LOOK_EVERY_MS = 300_000;

const CURSOR_PATH = "dispute-keeper.json";

/** Not behind settlements and payments of events that are under way. */
const LANE = "disputes";

/** A contract, or the claim of a ruling on another node's contract. */
type Kept = { readonly kind: "sc1" | "sc2" | "claim"; readonly id: string };

type Act = { key: string; transaction: string; argument: LedgerArgument; counted?: keyof Acted };

/** Nothing more; nothing until an instant; or acts, and when to look again once they are through. */
type Next = "done" | { acts: Act[]; untilUnixMs: number };

type Times = { nowUnixMs: number; dueUnixMs: number; patienceMs: number };

/**
 * Sees, for its organisation, that every settled contract is let go of, that every dispute ends, and that what a ruling
 * left owing is paid. An SC1 whose settlement is not what its SC2 add up to by now is disputed without anybody asking,
 * and added up anew. It says nothing of its own: whatever it does, the contract does by evidence on the ledger and by
 * attested time, so it may be done by either side, and again. The aggregator comes a look later than the node, lest
 * both do the same at once.
 */
export class DisputeKeeper {
  readonly #options: DisputeKeeperOptions;
  readonly #modules: DisputeKeeperModules;
  readonly #ledgerActs: LedgerActs;
  readonly #kept: EventFollower<string>;
  readonly #lookAtUnixMs = new Map<string, number>();
  readonly #underWay = new Map<string, Act[]>();
  readonly #counts: Acted = { opened: 0, closed: 0, released: 0, paid: 0, suspended: 0 };

  private constructor(options: DisputeKeeperOptions, modules: DisputeKeeperModules, kept: EventFollower<string>) {
    this.#options = options;
    this.#modules = modules;
    this.#ledgerActs = new LedgerActs(modules.outbox, modules.log);
    this.#kept = kept;
  }

  /** Reads on where the last run had nothing left to do. */
  static async open(options: DisputeKeeperOptions, modules: DisputeKeeperModules): Promise<DisputeKeeper> {
    const keysOf = (event: LedgerEvent) => keptBy(event, options, modules.ledger);
    const following = { cursorPath: CURSOR_PATH, waitingMax: DISPUTES_WAITING_MAX, keysOf };
    return new DisputeKeeper(options, modules, await EventFollower.open(following, modules));
  }

  /** Does what is due. A contract that cannot go on does not hold up the others; it is looked at again later. */
  async tick(): Promise<void> {
    const { clock, log } = this.#modules;
    for (const key of this.#kept.waiting()) {
      const nowUnixMs = clock.nowUnixMs();
      if (this.#isUnderWay(key) || nowUnixMs < (this.#lookAtUnixMs.get(key) ?? 0)) continue;
      const next = await this.#look(parseKey(key), nowUnixMs).catch((error: unknown): Next => {
        log.warn("dispute_step_failed", { key, reason: String(error) });
        return laterThan(nowUnixMs);
      });
      this.#take(key, next);
    }
    await this.#kept.save();
  }

  counts(): DisputeCounts {
    return { waiting: this.#kept.waiting().length, ...this.#counts };
  }

  /** Reads no further events. The stream that is open ends with the process's connection. */
  close(): void {
    this.#kept.close();
  }

  #take(key: string, next: Next): void {
    if (next === "done") {
      this.#kept.done(key);
      this.#lookAtUnixMs.delete(key);
      return;
    }
    this.#lookAtUnixMs.set(key, next.untilUnixMs);
    this.#underWay.set(key, next.acts);
    this.#isUnderWay(key);
  }

  /** Whether acts about a contract are under way; nothing new is decided before their end is known. */
  #isUnderWay(key: string): boolean {
    const pending = (this.#underWay.get(key) ?? []).filter((act) => this.#isPending(key, act));
    if (pending.length === 0) this.#underWay.delete(key);
    else this.#underWay.set(key, pending);
    return pending.length > 0;
  }

  /** A refusal says that another was first, or that time is not attested yet: what is true then is read later. */
  #isPending(keptKey: string, { key, transaction, argument, counted }: Act): boolean {
    const { status } = this.#ledgerActs.perform(key, transaction, argument, { lane: LANE });
    if (status === "committed" && counted !== undefined) this.#counts[counted] += 1;
    if (status === "refused") this.#lookAtUnixMs.set(keptKey, this.#modules.clock.nowUnixMs() + LOOK_EVERY_MS);
    return status === "pending";
  }

  #look({ kind, id }: Kept, nowUnixMs: number): Promise<Next> {
    const patienceMs = this.#options.vnId === "all" ? LOOK_EVERY_MS : 0;
    const times = { nowUnixMs, dueUnixMs: nowUnixMs - patienceMs, patienceMs };
    switch (kind) {
      case "sc1":
        return this.#lookAtSc1(id, times);
      case "sc2":
        return this.#lookAtSc2(id, times);
      case "claim":
        return this.#lookAtClaim(id, times);
    }
  }

  /** A dispute about an SC2: closes it when nobody ruled in time. */
  async #lookAtSc2(contractId: string, times: Times): Promise<Next> {
    const { ledger } = this.#modules;
    const { dueUnixMs, patienceMs, nowUnixMs } = times;
    const { ruleUntilUnixMs } = deadlinesOf(await ask(ledger, "sc2:GetContract", { contractId }));
    if (dueUnixMs < ruleUntilUnixMs) return { acts: [], untilUnixMs: ruleUntilUnixMs + patienceMs };
    const dispute = await sc2DisputeOf(ledger, contractId);
    if (dispute?.state !== "open") return this.#lookAtClaim(rulingClaimId("sc2", contractId), times);
    return once({ key: "dispute-close", transaction: "disputes:Close", counted: "closed" }, { contractId }, nowUnixMs);
  }

  async #lookAtSc1(contractId: string, times: Times): Promise<Next> {
    const { ledger } = this.#modules;
    const view = await ask(ledger, "sc1:GetContract", { contractId });
    const due = sc1Due(view.contract, await sc1DisputeOf(ledger, contractId), times.dueUnixMs);
    const released = await this.#releaseSc2(view, times);
    if (released !== "done" && (due.kind === "wait" || due.kind === "done")) return released;
    return this.#carryOut(due, view, times);
  }

  async #carryOut(due: Sc1Due, view: Sc1View, times: Times): Promise<Next> {
    const { contractId } = view.contract.terms;
    const { nowUnixMs, patienceMs } = times;
    switch (due.kind) {
      case "wait":
        return { acts: [], untilUnixMs: Math.max(due.untilUnixMs + patienceMs, nowUnixMs + LOOK_EVERY_MS) };
      case "compare":
        return this.#compare(view, nowUnixMs);
      case "sumAnew":
        return this.#sumAnew(view, nowUnixMs);
      case "close":
        return once({ ...CLOSE_SC1, counted: "closed" }, { contractId }, nowUnixMs);
      case "release":
        return once({ ...RELEASE_SC1, counted: "released" }, { contractId }, nowUnixMs);
      case "done":
        return this.#lookAtClaim(rulingClaimId("sc1", contractId), times);
    }
  }

  async #compare(view: Sc1View, nowUnixMs: number): Promise<Next> {
    const { contractId } = view.contract.terms;
    const { isOther, settlement } = await this.#recompute(view);
    if (!isOther) return laterThan(nowUnixMs);
    const reason = `delivered ${view.contract.settlement?.deliveredWh} Wh, by its SC2 now ${settlement.deliveredWh} Wh`;
    this.#modules.log.info("sc1_disputed", { contractId, reason });
    return once({ ...OPEN_SC1, counted: "opened" }, { contractId, reason }, nowUnixMs);
  }

  /** Each chunk that adds up to something else, once for what it adds up to. */
  async #sumAnew(view: Sc1View, nowUnixMs: number): Promise<Next> {
    const { contractId } = view.contract.terms;
    const { changed } = await this.#recompute(view);
    const acts = changed.map(({ chunkNo, sumsHashHex }) => ({
      key: `sum-anew/${contractId}/${chunkNo}/${sumsHashHex}`,
      transaction: "disputes:SumAnew",
      argument: { contractId, chunkNo },
    }));
    return { acts, untilUnixMs: nowUnixMs + LOOK_EVERY_MS };
  }

  async #recompute({ contract, chunks }: Sc1View) {
    const chunkNos = chunks.map(({ chunkNo }) => chunkNo);
    return recomputeSc1(contract, await chunksOfSc2(this.#modules.ledger, contract.terms.contractId, chunkNos));
  }

  /** Pays what SC2 held back, once nobody can dispute them any more; "done" when none holds anything. */
  async #releaseSc2({ contract, chunks }: Sc1View, { dueUnixMs, nowUnixMs, patienceMs }: Times): Promise<Next> {
    const { contractId } = contract.terms;
    const { openUntilUnixMs } = deadlinesOf(contract);
    if (contract.policy.holdBackPerMille === 0n || contract.state !== "completed") return "done";
    if (dueUnixMs < openUntilUnixMs) return { acts: [], untilUnixMs: openUntilUnixMs + patienceMs };
    const chunkNos = chunks.map(({ chunkNo }) => chunkNo);
    const { groups, isAnyDisputed } = await releasable(this.#modules.ledger, contractId, chunkNos);
    if (groups.length === 0) return isAnyDisputed ? laterThan(nowUnixMs) : "done";
    const acts = groups.map(({ key, contractIds }): Act => {
      return { key, transaction: "disputes:Release", argument: { contractIds }, counted: "released" };
    });
    return { acts, untilUnixMs: nowUnixMs };
  }

  /** What a ruling asked for beyond what was held back is a claim, and a debtor that lets it stand is suspended. */
  async #lookAtClaim(claimId: string, { nowUnixMs, dueUnixMs, patienceMs }: Times): Promise<Next> {
    const { ledger, log } = this.#modules;
    const due = await claimDue(ledger, claimId, { ...this.#options, dueUnixMs });
    switch (due.kind) {
      case "done":
        return "done";
      case "unpaid":
        log.warn("ruling_unpaid", { claimId });
        return "done";
      case "wait":
        return { acts: [], untilUnixMs: Math.min(due.untilUnixMs + patienceMs, nowUnixMs + LOOK_EVERY_MS) };
      case "pay":
        return { acts: [{ ...PAY, key: `claim/${claimId}`, argument: { claimId } }], untilUnixMs: nowUnixMs };
      case "suspend":
        return { acts: [{ ...SUSPEND, key: `suspend/${claimId}`, argument: { claimId } }], untilUnixMs: nowUnixMs };
    }
  }
}

const PAY = { transaction: "claims:Pay", counted: "paid" } as const;
const SUSPEND = { transaction: "claims:Suspend", counted: "suspended" } as const;
const OPEN_SC1 = { key: "sc1-dispute", transaction: "disputes:OpenSc1" } as const;
const CLOSE_SC1 = { key: "sc1-dispute-close", transaction: "disputes:CloseSc1" } as const;
const RELEASE_SC1 = { key: "sc1-release", transaction: "disputes:ReleaseSc1" } as const;

/** An act that a contract sees once; what follows from it is looked at right after. */
function once(act: Omit<Act, "argument">, argument: { contractId: string; reason?: string }, nowUnixMs: number): Next {
  return { acts: [{ ...act, key: `${act.key}/${argument.contractId}`, argument }], untilUnixMs: nowUnixMs };
}

function laterThan(nowUnixMs: number): Next {
  return { acts: [], untilUnixMs: nowUnixMs + LOOK_EVERY_MS };
}

type Told = { contractId?: string; vnId?: string; state?: string; claimId?: string };

/** SC1 are kept from their settlement on, SC2 from a dispute about them, claims of rulings from when they are known. */
async function keptBy(
  { name, payload }: LedgerEvent,
  options: DisputeKeeperOptions,
  ledger: Pick<Ledger, "evaluate">,
): Promise<string[]> {
  const { contractId = "", vnId, state, claimId = "" } = payload as Told;
  switch (name) {
    case CHAINCODE_EVENT.SC1_SETTLED:
      return options.vnId === "all" || vnId === options.vnId ? [`sc1 ${contractId}`] : [];
    case CHAINCODE_EVENT.DISPUTE_CHANGED:
      return keptByDispute({ contractId, state }, options, ledger);
    // The device may have come here with a claim on it.
    case CHAINCODE_EVENT.PARTY_SUSPENDED:
      return (await isRulingPaidBy(options, claimId, ledger)) ? [`claim ${claimId}`] : [];
    default:
      return [];
  }
}

/**
 * Another node's contract may not be read: then it is for that node to keep, and here only if its ruling left a claim
 * on a device that has moved here.
 */
async function keptByDispute(
  { contractId, state }: { contractId: string; state: string | undefined },
  options: DisputeKeeperOptions,
  ledger: Pick<Ledger, "evaluate">,
): Promise<string[]> {
  const contract = await unlessRefused(["ACCESS_NOT_OWNER"], () => ask(ledger, "sc2:GetContract", { contractId }));
  if (contract !== undefined) return state === "open" ? [`sc2 ${contractId}`] : [];
  const claimId = rulingClaimId("sc2", contractId);
  return state === "closed" && (await isRulingPaidBy(options, claimId, ledger)) ? [`claim ${claimId}`] : [];
}

function parseKey(key: string): Kept {
  const [kind, id] = key.split(" ") as [Kept["kind"], string];
  return { kind, id };
}
