/** Plays traces of the protocol's model on the contracts: what is possible there has to be here, and no more. */
import { strict as assert } from "node:assert";
import { canonicalJson } from "@gridpact/settlement";
import type { Evidence, Sc2Terms, TransactionArgument, TransactionName } from "../src/index.ts";
import type { Identity } from "../test/certificate.ts";
import { fullEvidence, meter } from "../test/event.ts";
import type { Feid } from "../test/feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  consent,
  DISTRICT,
  EVENT_START_UNIX_MS,
  type Market,
  MTU_MS,
  openMarket,
  programme,
  sc1Terms,
  sc2Terms,
  wholeOf,
} from "../test/market.ts";
import { keyOf } from "./explore.ts";
import { ACTIONS, INITIAL, type State, stepsFrom } from "./protocol-model.ts";

const HOUR_MS = 3_600_000;
const END = EVENT_START_UNIX_MS + 2 * MTU_MS;
/** Instants whose passing the model counts. */
const INSTANTS = [EVENT_START_UNIX_MS, END, ...[1, 2, 3, 4, 5, 6].map((hours) => END + hours * HOUR_MS)] as const;

const SC1 = { contractId: "sc1-1" };
const TERMS: Sc2Terms = sc2Terms("feid-1");
const SC2 = { contractId: TERMS.contractId };

type Call = { [N in TransactionName]: [Identity, N, TransactionArgument<N>] }[TransactionName];

/** The contracts in the situation of the model's initial state. */
class Replay {
  readonly #market: Market;
  readonly #feid: Feid;
  readonly #evidence: Evidence;

  private constructor(market: Market, feid: Feid, evidence: Evidence) {
    this.#market = market;
    this.#feid = feid;
    this.#evidence = evidence;
  }

  static async open(): Promise<Replay> {
    const { market, feids } = await openMarket(1);
    const windows = { disputeWindowMs: HOUR_MS, evidenceWindowMs: HOUR_MS, rulingWindowMs: HOUR_MS };
    const policy = { ...programme().policy, holdBackPerMille: 500n, ...windows };
    await market.submit(AGGREGATOR, "programmes:Publish", programme({ policy }));
    const enrolment = { programmeId: "evening", vnId: "district", orderedWhPerIntervalMax: null };
    await market.submit(DISTRICT, "programmes:Enrol", enrolment);
    const feid = feids[0] as Feid;
    const evidence = fullEvidence(market, await market.anchor(meter(feid, TERMS, [2_000n, 2_000n])));
    await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms({ programmeId: "evening" }));
    return new Replay(market, feid, evidence);
  }

  /** The transaction of an action; undefined for time, which is no transaction of a contract's sides. */
  #callOf(action: string): Call | undefined {
    const device = this.#feid.identity;
    const nothing: Evidence = { envelopes: [], boundaries: [null, null, null] };
    const calls: Record<string, Call> = {
      acceptSc1: [DISTRICT, "sc1:AcceptReduction", acceptance(["feid-1"])],
      refuseSc1: [DISTRICT, "sc1:RefuseReduction", { ...SC1, reason: "a storm is coming" }],
      setUpSc2: [DISTRICT, "sc2:SetupDR", { chunkNo: 0, terms: TERMS }],
      acceptSc2: [device, "sc2:AcceptReduction", consent(TERMS)],
      amendSc2: [DISTRICT, "sc2:Amend", this.#cut()],
      settleShowingNothing: [DISTRICT, "sc2:SettleDR", { ...SC2, evidence: nothing }],
      settleShowingAll: [DISTRICT, "sc2:SettleDR", { ...SC2, evidence: this.#evidence }],
      sumChunk: [AGGREGATOR, "sc1:SettleDR", { ...SC1, chunkNo: 0, settlements: [] }],
      settleSc1: [DISTRICT, "sc1:SettleDR", wholeOf()],
      completeChunk: [AGGREGATOR, "sc1:DRCompletion", { ...SC1, chunkNo: 0 }],
      completeSc1: [AGGREGATOR, "sc1:DRCompletion", { ...SC1, chunkNo: null }],
      openDispute: [device, "disputes:Open", { ...SC2, reason: "readings were withheld" }],
      submitEvidence: [device, "disputes:SubmitEvidence", { ...SC2, evidence: this.#evidence }],
      uphold: [AUDITOR, "disputes:Rule", { ...SC2, isUpheld: true }],
      reject: [AUDITOR, "disputes:Rule", { ...SC2, isUpheld: false }],
      closeDispute: [device, "disputes:Close", SC2],
      release: [DISTRICT, "disputes:Release", { contractIds: [SC2.contractId] }],
      openSc1Dispute: [DISTRICT, "disputes:OpenSc1", { ...SC1, reason: "a ruling moved an SC2" }],
      sumAnew: [DISTRICT, "disputes:SumAnew", { ...SC1, chunkNo: 0 }],
      upholdSc1: [AUDITOR, "disputes:RuleSc1", { ...SC1, isUpheld: true }],
      rejectSc1: [AUDITOR, "disputes:RuleSc1", { ...SC1, isUpheld: false }],
      closeSc1Dispute: [AGGREGATOR, "disputes:CloseSc1", SC1],
      releaseSc1: [AGGREGATOR, "disputes:ReleaseSc1", SC1],
      payClaim: [DISTRICT, "claims:Pay", { claimId: this.#claimId() }],
    };
    return calls[action];
  }

  /** The device gives up the second interval. */
  #cut(): TransactionArgument<"sc2:Amend"> {
    const order = { amendmentNo: 1, orderedWh: [1_000n, 0n], penaltyCapMicro: 75_000n };
    const change = { ...SC2, ...order, signatureHex: this.#feid.amends(TERMS, order) };
    return { sc1Id: SC1.contractId, changes: [change], joinedIds: [], sumChangeWh: [0n, -1_000n] };
  }

  async take(action: string, state: State): Promise<void> {
    const call = this.#callOf(action);
    if (call === undefined) await this.#market.pass(INSTANTS[state.time - 1] ?? 0);
    else assert.equal(await this.#answer(call, { isCommitted: true }), "", action);
  }

  /** Every action that the model does not allow here is refused, and changes nothing. */
  async expectRefused(state: State): Promise<void> {
    const allowed = new Set(stepsFrom(state).map(({ action }) => action));
    for (const action of Object.keys(ACTIONS)) {
      const call = allowed.has(action) ? undefined : this.#callOf(action);
      if (call === undefined) continue;
      const answer = await this.#answer(call, { isCommitted: false });
      assert.match(answer, /^[A-Z0-9_]+: /, `${action} in ${keyOf(state)}`);
    }
  }

  /** The contracts are where the model says, to the micro. */
  expectSame(state: State): void {
    const { money } = state;
    const documents = (prefix: string) => this.#market.ledger.entries(prefix).map(([, text]) => JSON.parse(text));
    const [sc1] = documents("sc1/");
    const [sc2 = { state: "none", heldMicro: "0" }] = documents("sc2/");
    const [chunk = { state: "none" }] = documents("chunk/");
    const [dispute = { state: "none" }] = documents("dispute/");
    const [sc1Dispute = { state: "none" }] = documents("dispute-sc1/");
    const [claim = { state: "none", amountMicro: "0" }] = documents("claim/");
    const found = {
      states: [sc1.state, sc2.state, chunk.state, dispute.state, sc1Dispute.state],
      held: [Number(sc1.heldMicro), Number(sc2.heldMicro)],
      accounts: ["aggregator", "vn:district", "feid:feid-1"].map((id) => this.#balance(id)),
      claim: claim.state === "open" ? Number(claim.amountMicro) : 0,
    };
    const expected = {
      states: [state.sc1, state.sc2, state.chunk, state.dispute, state.sc1Dispute],
      held: [money.sc1, money.sc2],
      accounts: [money.aggregator, money.vn, money.device],
      claim: money.claim,
    };
    assert.deepEqual(found, expected);
  }

  #balance(accountId: string): number {
    const sum = (prefix: string, field: string) =>
      this.#market.ledger
        .entries(prefix)
        .reduce((total, [, text]) => total + Number((JSON.parse(text) as Record<string, string>)[field]), 0);
    return sum(`account/${accountId}`, "spendableMicro") + sum(`credit/${accountId}/`, "amountMicro");
  }

  #claimId(): string {
    const [[key] = ["claim/none"]] = this.#market.ledger.entries("claim/");
    return key.slice("claim/".length);
  }

  /** Empty when it was endorsed. */
  async #answer([caller, name, argument]: Call, { isCommitted }: { isCommitted: boolean }): Promise<string> {
    const call = { name, args: [canonicalJson(argument)], atUnixMs: this.#market.nowUnixMs };
    const endorsement = await this.#market.ledger.endorse(caller, call);
    if (isCommitted && endorsement.message === "") assert.ok(this.#market.ledger.commit(endorsement));
    return endorsement.message;
  }
}

/** Takes a trace step by step, compares money and states after each, and tries what must not be possible at its end. */
export async function replayTrace(trace: readonly string[]): Promise<void> {
  const replay = await Replay.open();
  let state = INITIAL;
  for (const action of trace) {
    state = ACTIONS[action]?.(state) as State;
    await replay.take(action, state);
    replay.expectSame(state);
  }
  await replay.expectRefused(state);
}
