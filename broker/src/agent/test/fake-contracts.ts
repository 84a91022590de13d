import { createHash } from "node:crypto";
import type { BoundaryEvidence } from "@gridpact/ledger/receipts";
import { amendmentSigningBytes, consentSigningBytes, verifyZip215 } from "@gridpact/proto";
import {
  canonicalJson,
  type DeviceSettlement,
  netImportWh,
  settle,
  settleVirtualNode,
  type VirtualNodeSettlement,
} from "@gridpact/settlement";
import { keyOf } from "./fake-device.ts";
import { registersIn } from "./fake-evidence.ts";

type Interval = { startUnixMs: number; endUnixMs: number };
type State = "proposed" | "accepted" | "settled" | "completed" | "expired";
type Prices = { priceMicroPerWh: bigint; penaltyMicroPerWh: bigint; penaltyCapMicro: bigint };
export type Sc1Terms = Prices & {
  contractId: string;
  vnId: string;
  intervals: Interval[];
  orderedWh: bigint[];
  acceptanceProofHashHex: string;
};
export type Sc2Terms = Prices & {
  contractId: string;
  sc1Id: string;
  deviceId: string;
  intervals: Interval[];
  orderedWh: bigint[];
  baselineWh: bigint[];
  kind: "original" | "replacement";
};
type Commitment = {
  baselineCommitmentHex: string;
  planHashHex: string;
  baselines: Record<string, bigint[]>;
  nominatedWh: bigint[];
};
export type Sc1 = {
  terms: Sc1Terms;
  state: State;
  policy: FakeContracts["policy"];
  commitment: Commitment | null;
  settlement: VirtualNodeSettlement | null;
};
export type Sc2 = {
  terms: Sc2Terms;
  chunkNo: number;
  state: State;
  termsHashHex: string;
  amendment: Pick<Amendment, "amendmentNo" | "orderedWh" | "penaltyCapMicro"> | null;
  settlement: DeviceSettlement | null;
};
type Amendment = {
  contractId: string;
  amendmentNo: number;
  orderedWh: bigint[];
  penaltyCapMicro: bigint;
  signatureHex: string;
};
type Consent = { contractId: string; signatureHex: string };
type Settlement = { contractId: string; evidence: BoundaryEvidence | null };

/** What a transaction tells the outside: the chaincode's event. */
export type Told = { name: string; payload: unknown };

/** A contract said no. */
export class FakeRefusal extends Error {}

/**
 * The rules of the contracts as far as an agent meets them, in memory; the settlement is the real one. The real
 * contracts have their own tests, and the whole system is simulated with them.
 */
export class FakeContracts {
  readonly sc1 = new Map<string, Sc1>();
  readonly sc2 = new Map<string, Sc2>();
  pendingCredits: { transactionId: string }[] = [];
  /** Of contracts that are set up from now on. */
  policy = { disputeWindowMs: 0, evidenceWindowMs: 0 };
  /** What disputed SC2 would be settled to; null until evidence was handed in. */
  readonly disputed = new Map<string, DeviceSettlement | null>();
  /** Programmes that are published, with the nodes in them. */
  readonly programmes = new Map<string, string[]>();
  readonly #soldIntervals = new Set<string>();
  readonly #summedChunks = new Set<string>();
  readonly #nowUnixMs: () => number;

  constructor(nowUnixMs: () => number) {
    this.#nowUnixMs = nowUnixMs;
  }

  apply(transaction: string, argument: never): Told {
    const act = this.#acts[transaction];
    if (act === undefined) throw new FakeRefusal("ARGUMENT_INVALID: no such transaction");
    return act(argument);
  }

  readonly #acts: Record<string, (argument: never) => Told> = {
    "accounts:Consolidate": () => {
      this.pendingCredits = [];
      return { name: "accounts.Consolidated", payload: {} };
    },
    "sc1:SetupDR": (terms: Sc1Terms) => {
      const { policy } = this;
      this.sc1.set(terms.contractId, { terms, policy, state: "proposed", commitment: null, settlement: null });
      return { name: "sc1.Proposed", payload: { contractId: terms.contractId } };
    },
    "programmes:Enrol": ({ programmeId, vnId }: { programmeId: string; vnId: string }) => {
      demand(this.programmes.has(programmeId), "PROGRAMME_UNKNOWN");
      this.programmes.get(programmeId)?.push(vnId);
      return { name: "programmes.Agreed", payload: { programmeId, vnId } };
    },
    "disputes:Open": ({ contractId }: { contractId: string }) => {
      demand(!this.disputed.has(contractId), "DISPUTE_EXISTS");
      this.disputed.set(contractId, null);
      return { name: "disputes.Changed", payload: { contractId, state: "open" } };
    },
    "disputes:SubmitEvidence": ({ contractId, evidence }: { contractId: string; evidence: BoundaryEvidence }) => {
      this.disputed.set(contractId, this.#settlementOf(this.sc2.get(contractId) as Sc2, evidence));
      return { name: "disputes.Changed", payload: { contractId, state: "open" } };
    },
    "sc1:AcceptReduction": (argument: Commitment & { contractId: string }) => this.#acceptSc1(argument),
    "sc2:SetupDRBatch": ({ chunkNo, contracts }: { chunkNo: number; contracts: Sc2Terms[] }) => {
      for (const terms of contracts) this.#propose(terms, chunkNo);
      return { name: "sc2.Proposed", payload: { contractIds: contracts.map(({ contractId }) => contractId) } };
    },
    "sc2:AcceptReduction": (argument: { contractId: string; termsHashHex: string; termsText: string }) =>
      this.#acceptSc2(argument),
    "sc2:AcceptReductionBatch": ({ consents }: { consents: Consent[] }) => {
      for (const consent of consents) this.#checkConsent(consent);
      const contracts = consents.map(({ contractId }) => ({ contractId, state: "accepted" }));
      for (const { contractId } of contracts) this.#sell(this.sc2.get(contractId) as Sc2);
      return { name: "sc2.AcceptedBatch", payload: { contracts } };
    },
    "sc2:Amend": ({ changes, joinedIds }: { changes: Amendment[]; joinedIds: string[] }) => {
      for (const change of changes) this.#checkAmendment(change);
      for (const { signatureHex: _, contractId, ...order } of changes) {
        Object.assign(this.sc2.get(contractId) as Sc2, { amendment: order });
      }
      const contracts = changes.map(({ contractId, amendmentNo }) => ({ contractId, amendmentNo }));
      return { name: "sc2.Amended", payload: { contracts, joinedIds } };
    },
    "sc2:SettleDRBatch": ({ settlements }: { settlements: Settlement[] }) => {
      const contracts = settlements.map((settlement) => this.#settle(settlement));
      for (const { contract, ...changed } of contracts) Object.assign(contract, changed);
      const payload = settlements.map(({ contractId }) => ({ contractId, state: this.sc2.get(contractId)?.state }));
      return { name: "sc2.Settled", payload: { contracts: payload } };
    },
    "sc1:SettleDR": ({ contractId, chunkNo }: { contractId: string; chunkNo: number | null }) =>
      chunkNo === null ? this.#settleSc1(contractId) : this.#sumChunk(contractId, chunkNo),
    "sc1:DRCompletion": ({ contractId, chunkNo }: { contractId: string; chunkNo: number | null }) => {
      const contract = this.demandSc1(contractId, "settled");
      if (chunkNo === null) {
        contract.state = "completed";
        return { name: "sc1.Completed", payload: { contractId } };
      }
      const members = this.under(contractId).filter((each) => each.chunkNo === chunkNo);
      for (const each of members) if (each.state === "settled") each.state = "completed";
      const sc2ContractIds = members.map(({ terms }) => terms.contractId);
      return { name: "sc1.ChunkCompleted", payload: { contractId, chunkNo, sc2ContractIds } };
    },
  };

  /** Here everyone who could attest an instant does so at once. */
  hasPassed(instantUnixMs: number): boolean {
    return this.#nowUnixMs() >= instantUnixMs;
  }

  under(sc1Id: string): Sc2[] {
    return [...this.sc2.values()].filter(({ terms }) => terms.sc1Id === sc1Id);
  }

  demandSc1(contractId: string, state: State): Sc1 {
    const contract = this.sc1.get(contractId);
    demand(contract?.state === state, "SC1_WRONG_STATE");
    return contract as Sc1;
  }

  #sumChunk(contractId: string, chunkNo: number): Told {
    this.demandSc1(contractId, "accepted");
    const members = this.under(contractId).filter((each) => each.chunkNo === chunkNo);
    demand(members.length > 0, "SC1_CHUNK_UNKNOWN");
    demand(!members.some(({ state }) => state === "proposed" || state === "accepted"), "SC1_SC2_UNSETTLED");
    this.#summedChunks.add(`${contractId}/${chunkNo}`);
    return { name: "sc1.ChunkSummed", payload: { contractId, chunkNo } };
  }

  #acceptSc1({ contractId, ...commitment }: Commitment & { contractId: string }): Told {
    const contract = this.demandSc1(contractId, "proposed");
    demand(this.#nowUnixMs() < (contract.terms.intervals[0]?.startUnixMs ?? 0), "SC1_LATE_ACCEPTANCE");
    demand(hashOf(commitment.baselines) === commitment.baselineCommitmentHex, "SC1_BASELINE_MISMATCH");
    demand(this.pendingCredits.length === 0, "ACCOUNT_INSUFFICIENT");
    contract.state = "accepted";
    contract.commitment = commitment;
    return { name: "sc1.Accepted", payload: { contractId } };
  }

  #propose(terms: Sc2Terms, chunkNo: number): void {
    const { commitment, terms: superior } = this.demandSc1(terms.sc1Id, "accepted");
    demand(!this.sc2.has(terms.contractId), "SC2_EXISTS");
    const first = superior.intervals.findIndex(({ startUnixMs }) => startUnixMs === terms.intervals[0]?.startUnixMs);
    const committed = commitment?.baselines[terms.deviceId]?.slice(first);
    demand(canonicalJson(committed ?? null) === canonicalJson(terms.baselineWh), "SC2_BASELINE_HINDSIGHT");
    const termsHashHex = hashOf(terms);
    this.sc2.set(terms.contractId, {
      terms,
      chunkNo,
      state: "proposed",
      termsHashHex,
      amendment: null,
      settlement: null,
    });
  }

  #acceptSc2({ contractId, ...sent }: { contractId: string; termsHashHex: string; termsText: string }): Told {
    const contract = this.sc2.get(contractId);
    demand(contract?.state === "proposed", "SC2_WRONG_STATE");
    const { terms, termsHashHex } = contract as Sc2;
    const isSame = sent.termsHashHex === termsHashHex && sent.termsText === canonicalJson(terms);
    demand(isSame, "SC2_TERMS_MISMATCH");
    this.#sell(contract as Sc2);
    return { name: "sc2.Accepted", payload: { contractId, deviceId: terms.deviceId } };
  }

  #checkConsent({ contractId, signatureHex }: Consent): void {
    const contract = this.sc2.get(contractId);
    demand(contract?.state === "proposed", "SC2_WRONG_STATE");
    const { terms, termsHashHex } = contract as Sc2;
    const message = consentSigningBytes(Buffer.from(termsHashHex, "hex"));
    const isSigned = verifyZip215(keyOf(terms.deviceId).publicKey, message, Buffer.from(signatureHex, "hex"));
    demand(isSigned, "SC2_CONSENT_UNPROVEN");
  }

  #checkAmendment({ contractId, signatureHex, ...order }: Amendment): void {
    const contract = this.sc2.get(contractId);
    demand(contract?.state === "accepted", "SC2_WRONG_STATE");
    const { terms, termsHashHex, amendment } = contract as Sc2;
    demand(order.amendmentNo === (amendment?.amendmentNo ?? 0) + 1, "SC2_AMENDMENT_OUT_OF_SEQUENCE");
    const before = amendment?.orderedWh ?? terms.orderedWh;
    const first = order.orderedWh.findIndex((each, index) => each !== before[index]);
    demand(this.#nowUnixMs() < (terms.intervals[first]?.startUnixMs ?? 0), "SC2_AMENDMENT_LATE");
    const message = amendmentSigningBytes(Buffer.from(hashOf({ contractId, termsHashHex, ...order }), "hex"));
    const isSigned = verifyZip215(keyOf(terms.deviceId).publicKey, message, Buffer.from(signatureHex, "hex"));
    demand(isSigned, "SC2_AMENDMENT_UNPROVEN");
  }

  #sell(contract: Sc2): void {
    const { terms } = contract;
    demand(this.#nowUnixMs() < (terms.intervals[0]?.startUnixMs ?? 0), "SC2_LATE_ACCEPTANCE");
    for (const [index, { startUnixMs }] of terms.intervals.entries()) {
      if (terms.orderedWh[index] === 0n) continue;
      demand(!this.#soldIntervals.has(`${terms.deviceId}/${startUnixMs}`), "SC2_INTERVAL_SOLD");
      this.#soldIntervals.add(`${terms.deviceId}/${startUnixMs}`);
    }
    contract.state = "accepted";
  }

  #settle({ contractId, evidence }: Settlement): { contract: Sc2; state: State; settlement: DeviceSettlement | null } {
    const contract = this.sc2.get(contractId) as Sc2;
    if (contract.state === "proposed") return { contract, state: "expired", settlement: null };
    demand(contract.state === "accepted", "SC2_WRONG_STATE");
    demand(evidence !== null, "EVIDENCE_MISSING");
    return { contract, state: "settled", settlement: this.#settlementOf(contract, evidence as BoundaryEvidence) };
  }

  #settlementOf({ terms, amendment }: Sc2, { envelopes, boundaries }: BoundaryEvidence): DeviceSettlement {
    demand(boundaries.length === terms.intervals.length + 1, "EVIDENCE_MALFORMED");
    demand(!envelopes.some(({ envelopeHex }) => envelopeHex.endsWith("bad")), "EVIDENCE_BAD_SIGNATURE");
    const endUnixMs = terms.intervals.at(-1)?.endUnixMs ?? 0;
    demand(!boundaries.includes(null) || this.hasPassed(endUnixMs), "EVIDENCE_EARLY_GAP");
    const registers = boundaries.map((place) =>
      place === null ? null : registersIn(envelopes[place.envelope]?.envelopeHex ?? ""),
    );
    const actualWh = netImportWh(registers);
    const inForce = { ...terms, ...amendment };
    return settle({ ...inForce, terms: { direction: "reduce", ...inForce }, actualWh });
  }

  #settleSc1(contractId: string): Told {
    const contract = this.demandSc1(contractId, "accepted");
    const members = this.under(contractId);
    const areSummed = members.every(({ chunkNo }) => this.#summedChunks.has(`${contractId}/${chunkNo}`));
    demand(areSummed, "SC1_SC2_UNSETTLED");
    const contributions = members.flatMap(({ terms: { contractId: id, deviceId, kind, orderedWh }, settlement }) =>
      settlement === null
        ? []
        : [{ contractId: id, deviceId, kind, intervals: settlement.intervals, plannedWh: orderedWh }],
    );
    const { terms } = contract;
    const rule = { direction: "reduce" as const, ...terms };
    contract.settlement = settleVirtualNode({ ...terms, terms: rule, contributions });
    contract.state = "settled";
    return { name: "sc1.Settled", payload: { contractId } };
  }
}

function demand(holds: boolean, code: string): void {
  if (!holds) throw new FakeRefusal(`${code}: refused by the fake`);
}

function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
