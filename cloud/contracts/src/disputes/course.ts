/**
 * The course of a dispute, the same for both kinds: opened within its window, evidenced, then ruled on or lapsed. Who
 * may dispute, and what counts as evidence, is the kind's own (`sc2-dispute.ts`, `sc1-dispute.ts`).
 */
import type { PaidParts } from "@gridpact/settlement";
import { demand } from "../contract-error.ts";
import { hasPassed, isBefore } from "../time/index.ts";
import type { Document, Owner, Transaction } from "../transaction/index.ts";
import type { Dispute } from "./documents.ts";
import { type Course, endBy, type Subject } from "./subject.ts";

/** One kind of contract with the disputes about it. */
type Kind<C, S extends PaidParts, D extends Course> = {
  /** @throws ContractError SC1_UNKNOWN, SC2_UNKNOWN */
  readonly getContract: (transaction: Transaction, contractId: string) => Promise<C>;
  /** Its two sides. */
  readonly ownerOf: (contract: C) => Owner;
  readonly subjectOf: (transaction: Transaction, contract: C, dispute?: D) => Subject<S, D>;
  /** A dispute as the caller opens it. */
  readonly opened: (transaction: Transaction, contract: C, reason: string) => D;
  /** What follows from the evidence so far; null while there is none, and then nothing to uphold. */
  readonly settledAnew: (transaction: Transaction, contract: C, dispute: D) => Promise<S | null>;
};

type About = { readonly contractId: string };

/** Disputes about one kind of contract. */
export class Disputes<C, S extends PaidParts, D extends Course> {
  readonly #kind: Kind<C, S, D>;

  constructor(kind: Kind<C, S, D>) {
    this.#kind = kind;
  }

  /**
   * Opens a dispute about a settled contract that nobody disputed before. What it holds back stays where it is.
   *
   * @throws ContractError SC1_UNKNOWN, SC2_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_EXISTS, SC1_WRONG_STATE, SC2_WRONG_STATE,
   *   DISPUTE_LATE
   */
  async open(transaction: Transaction, { contractId, reason }: About & { readonly reason: string }): Promise<D> {
    const contract = await this.#own(transaction, contractId);
    const subject = this.#kind.subjectOf(transaction, contract);
    const { state, wrongState, deadlines, disputeAt } = subject;
    demand((await transaction.state.get(disputeAt)) === undefined, "DISPUTE_EXISTS", () => contractId);
    const isSettled = state === "settled" || state === "completed";
    demand(isSettled, wrongState, () => `${contractId} is ${state}`);
    await demandBefore(transaction, deadlines.openUntilUnixMs);
    return this.put(transaction, subject, this.#kind.opened(transaction, contract, reason));
  }

  /**
   * What a side brings evidence about.
   *
   * @throws ContractError SC1_UNKNOWN, SC2_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_LATE
   */
  async takingEvidence(transaction: Transaction, contractId: string) {
    await this.#own(transaction, contractId);
    const disputed = await this.#disputed(transaction, contractId);
    await demandBefore(transaction, disputed.subject.deadlines.evidenceUntilUnixMs);
    return disputed;
  }

  /**
   * The auditor rules, when the time for evidence is over. Upholding settles the contract anew from what was handed in;
   * there is nothing else to uphold, so nobody's word alone moves money.
   *
   * @throws ContractError SC1_UNKNOWN, SC2_UNKNOWN, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_EARLY, DISPUTE_LATE,
   *   EVIDENCE_MISSING
   */
  async rule(transaction: Transaction, { contractId, isUpheld }: About & { readonly isUpheld: boolean }): Promise<D> {
    const { contract, subject, dispute } = await this.#disputed(transaction, contractId);
    const { evidenceUntilUnixMs, ruleUntilUnixMs } = subject.deadlines;
    const isRipe = await hasPassed(transaction, evidenceUntilUnixMs);
    demand(isRipe, "DISPUTE_EARLY", () => `evidence is taken until ${evidenceUntilUnixMs}`);
    await demandBefore(transaction, ruleUntilUnixMs);
    const settlement = isUpheld ? await this.#kind.settledAnew(transaction, contract, dispute) : null;
    demand(!isUpheld || settlement !== null, "EVIDENCE_MISSING", () => "there is nothing to uphold");
    return this.#end(transaction, contract, { dispute, settlement, outcome: isUpheld ? "upheld" : "rejected" });
  }

  /**
   * Ends a dispute that nobody ruled on in time: evidence that was handed in decides by itself, since it was verified;
   * without any the settlement stands. So every dispute ends, whoever falls silent. Anyone may ask for it.
   *
   * @throws ContractError SC1_UNKNOWN, SC2_UNKNOWN, DISPUTE_UNKNOWN, DISPUTE_CLOSED, DISPUTE_EARLY
   */
  async close(transaction: Transaction, { contractId }: About): Promise<D> {
    const { contract, subject, dispute } = await this.#disputed(transaction, contractId);
    const { ruleUntilUnixMs } = subject.deadlines;
    demand(await hasPassed(transaction, ruleUntilUnixMs), "DISPUTE_EARLY", () => `until ${ruleUntilUnixMs}`);
    const settlement = await this.#kind.settledAnew(transaction, contract, dispute);
    return this.#end(transaction, contract, { dispute, settlement, outcome: "lapsed" });
  }

  /** @throws ContractError SC1_UNKNOWN, SC2_UNKNOWN, ACCESS_NOT_OWNER, DISPUTE_UNKNOWN */
  async read(transaction: Transaction, { contractId }: About): Promise<D> {
    const contract = await this.#own(transaction, contractId);
    return knownDispute(transaction, this.#kind.subjectOf(transaction, contract));
  }

  put(transaction: Transaction, { disputeAt, changedEvent }: Subject<S, D>, dispute: D): D {
    const { contractId, state, outcome } = dispute;
    transaction.state.put(disputeAt, dispute);
    transaction.emit(changedEvent, { contractId, state, outcome });
    return dispute;
  }

  /** Without a new settlement that of the contract stands. */
  async #end(transaction: Transaction, contract: C, { dispute, settlement, outcome }: Ending<S, D>): Promise<D> {
    const subject = this.#kind.subjectOf(transaction, contract, dispute);
    await endBy(transaction, subject, settlement ?? subject.settlement);
    return this.put(transaction, subject, { ...dispute, state: "closed", outcome });
  }

  /** A contract with the open dispute about it. */
  async #disputed(transaction: Transaction, contractId: string) {
    const contract = await this.#kind.getContract(transaction, contractId);
    const subject = this.#kind.subjectOf(transaction, contract);
    return { contract, subject, dispute: await openDispute(transaction, subject) };
  }

  async #own(transaction: Transaction, contractId: string): Promise<C> {
    const contract = await this.#kind.getContract(transaction, contractId);
    transaction.authorise(this.#kind.ownerOf(contract));
    return contract;
  }
}

type Ending<S, D> = { dispute: D; settlement: S | null; outcome: Dispute["outcome"] };

type Place<D> = { readonly disputeAt: Document<D>; readonly contractId: string };

async function knownDispute<D>({ state }: Transaction, { disputeAt, contractId }: Place<D>): Promise<D> {
  const dispute = await state.get(disputeAt);
  demand(dispute !== undefined, "DISPUTE_UNKNOWN", () => contractId);
  return dispute;
}

async function openDispute<D extends Course>(transaction: Transaction, place: Place<D>): Promise<D> {
  const dispute = await knownDispute(transaction, place);
  demand(dispute.state === "open", "DISPUTE_CLOSED", () => place.contractId);
  return dispute;
}

async function demandBefore(transaction: Transaction, untilUnixMs: number): Promise<void> {
  demand(await isBefore(transaction, untilUnixMs), "DISPUTE_LATE", () => `until ${untilUnixMs}`);
}
