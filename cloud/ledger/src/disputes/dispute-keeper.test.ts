import { readResult, recomputeSc1, rulingClaimId } from "@gridpact/contracts";
import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { EvaluateError, encodeArgument, type LedgerArgument, type LedgerEvent } from "../client/index.ts";
import { DISPUTES_WAITING_MAX, DisputeKeeper, LOOK_EVERY_MS } from "./dispute-keeper.ts";

const HOUR_MS = 3_600_000;
const END = 1_454_004_000_000;
const HASH = "ab".repeat(32);

function refuse(code: string): never {
  throw new EvaluateError("", new Error(`chaincode response 500, ${code}: none`));
}

/** A contract that is completed and holds something back, with windows of an hour each; its node had no device. */
function view(contractId: string, heldMicro: string) {
  const policy = {
    incentive: { kind: "energy", capacityMicroPerWh: "0", tiers: [] },
    deadBandPerMille: "0",
    holdBackPerMille: "100",
    disputeWindowMs: HOUR_MS,
    evidenceWindowMs: HOUR_MS,
    rulingWindowMs: HOUR_MS,
  };
  const terms = {
    contractId,
    eventId: "event-1",
    programmeId: "evening",
    vnId: "district",
    intervals: [{ startUnixMs: END - 900_000, endUnixMs: END }],
    orderedWh: ["1000"],
    priceMicroPerWh: "300",
    penaltyMicroPerWh: "200",
    penaltyCapMicro: "1000",
    baselineMethod: "tenInTen",
    fallbackVnIds: [],
    acceptanceProofHashHex: HASH,
  };
  const contract = { terms, policy, state: "completed", heldMicro, commitment: null, refusal: null, settlement: null };
  const read = readResult("sc1:GetContract", { contract, sc2ContractIds: [], chunks: [] } as never).contract;
  const settlement = JSON.parse(encodeArgument(recomputeSc1(read, []).settlement as unknown as LedgerArgument));
  return { contract: { ...contract, settlement }, sc2ContractIds: [], chunks: [] };
}

const settled = (contractId: string, blockNumber: number, vnId = "district"): LedgerEvent => ({
  blockNumber,
  transactionId: "tx",
  name: "sc1.Settled",
  payload: { contractId, vnId },
});

const DEVICE = {
  deviceId: "feid-1",
  publicKeyHex: HASH,
  vnId: "district",
  mspId: "VnMSP",
  state: "active",
  revision: 2,
};

const ACCOUNT = {
  accountId: "feid:feid-1",
  balanceMicro: "50",
  spendableMicro: "50",
  pendingCredits: [],
  hasMoreCredits: false,
};

/** What a ruling on a contract of the offices left owing, by a device that is with the district by now. */
const CLAIM = {
  claimId: rulingClaimId("sc2", "sc2-1"),
  debtorId: "feid:feid-1",
  creditorId: "vn:offices",
  amountMicro: "50",
  basis: "ruling",
  dueUnixMs: END + HOUR_MS,
  suspendFromUnixMs: END + 2 * HOUR_MS,
  state: "open",
};

async function setUp(vnId: string, disk = new SimulatedDisk(new SeededRandom("keeper"))) {
  const clock = new VirtualClock(END);
  const world = {
    events: [] as LedgerEvent[],
    acts: [] as string[],
    held: "5",
    readFrom: [] as number[],
    claim: undefined as Record<string, unknown> | undefined,
    suspension: null as Record<string, unknown> | null,
  };
  const answers: Record<string, (contractId: string) => unknown> = {
    "sc1:GetContract": (contractId) => view(contractId, world.held),
    "sc2:GetContract": () => refuse("ACCESS_NOT_OWNER"),
    "disputes:GetSc1Dispute": () => refuse("DISPUTE_UNKNOWN"),
    "claims:GetClaim": () => world.claim ?? refuse("CLAIM_UNKNOWN"),
    "claims:GetSuspension": () => world.suspension,
    "registry:GetDevice": () => DEVICE,
    "accounts:GetAccount": () => ACCOUNT,
  };
  const ledger = {
    async evaluate(name: string, argument: LedgerArgument) {
      const answer = answers[name];
      if (answer === undefined) throw new TypeError(name);
      return answer((argument as { contractId?: string }).contractId ?? "");
    },
    async *events(fromBlock: number) {
      world.readFrom.push(fromBlock);
      yield* world.events.filter(({ blockNumber }) => blockNumber >= fromBlock);
      throw new Error("the stream broke");
    },
  };
  const outbox = {
    async execute(_: string, transaction: string) {
      world.acts.push(transaction);
      if (transaction === "disputes:ReleaseSc1") world.held = "0";
      if (transaction === "claims:Pay") world.claim = { ...world.claim, state: "paid" };
      if (transaction === "claims:Suspend")
        world.suspension = { accountId: "aggregator", claimIds: [world.claim?.["claimId"]] };
      return { transactionId: "tx", blockNumber: 9, result: null };
    },
  };
  const keeper = await DisputeKeeper.open({ vnId }, { clock, disk, ledger, outbox, log: silentLog });
  const tickAt = async (unixMs: number) => {
    await clock.advanceTo(unixMs);
    for (let turn = 0; turn < 4; turn++) {
      await keeper.tick();
      await clock.advanceTo(unixMs);
    }
  };
  return { world, clock, disk, keeper, tickAt };
}

/** From then on nobody can dispute the contract any more. */
const RELEASABLE = END + 4 * HOUR_MS;

describe("a dispute keeper", () => {
  it("lets go of what a contract holds back when nobody can dispute it any more, and of the contract", async () => {
    const { world, keeper, tickAt } = await setUp("district");
    world.events.push(settled("sc1-1", 3), settled("sc1-2", 4, "offices"));
    await tickAt(END + HOUR_MS);
    expect(keeper.counts()).toMatchObject({ waiting: 1, released: 0 });
    await tickAt(RELEASABLE);
    expect(world.acts).toEqual(["disputes:ReleaseSc1"]);
    expect(keeper.counts()).toEqual({ waiting: 0, opened: 0, closed: 0, released: 1, paid: 0, suspended: 0 });
  });

  it("of the aggregator keeps every node's, and comes a look later than the node", async () => {
    const { world, keeper, tickAt } = await setUp("all");
    world.events.push(settled("sc1-1", 3, "offices"));
    await tickAt(RELEASABLE);
    expect(world.acts).toEqual([]);
    await tickAt(RELEASABLE + LOOK_EVERY_MS);
    expect(world.acts).toEqual(["disputes:ReleaseSc1"]);
    expect(keeper.counts().waiting).toBe(0);
  });

  it.each([
    ["the ruling that left it", "disputes.Changed", { contractId: "sc2-1", state: "closed", outcome: "upheld" }],
    ["its debtor's suspension", "claims.PartySuspended", { accountId: "feid:feid-1", claimId: CLAIM.claimId }],
  ])("pays what another node's ruling left owing by a device that came here, by %s", async (_, name, payload) => {
    const { world, keeper, tickAt } = await setUp("district");
    world.claim = CLAIM;
    world.events.push({ blockNumber: 5, transactionId: "tx", name, payload });
    await tickAt(END + HOUR_MS);
    expect(world.acts).toEqual(["claims:Pay"]);
    expect(keeper.counts()).toMatchObject({ waiting: 0, paid: 1, suspended: 0 });
  });

  it.each([
    ["an open dispute", { contractId: "sc2-1", state: "open" }, CLAIM],
    ["a ruling that left nothing owing", { contractId: "sc2-1", state: "closed" }, undefined],
    ["a bill", { contractId: "sc2-1", state: "closed" }, { ...CLAIM, basis: "bill" }],
    ["a claim on another's account", { contractId: "sc2-1", state: "closed" }, { ...CLAIM, debtorId: "vn:offices" }],
  ])("does nothing about another node's contract for %s", async (_, payload, claim) => {
    const { world, keeper, tickAt } = await setUp("district");
    world.claim = claim;
    world.events.push({ blockNumber: 5, transactionId: "tx", name: "disputes.Changed", payload });
    await tickAt(END + 3 * HOUR_MS);
    expect([world.acts, keeper.counts().waiting]).toEqual([[], 0]);
  });

  it("suspends a debtor for a claim of its own that stays open, when it may, and lets go", async () => {
    const { world, keeper, tickAt } = await setUp("district");
    world.held = "0";
    world.claim = {
      ...CLAIM,
      claimId: rulingClaimId("sc1", "sc1-1"),
      debtorId: "aggregator",
      creditorId: "vn:district",
    };
    world.events.push(settled("sc1-1", 3));
    await tickAt(RELEASABLE);
    expect(world.acts).toEqual(["claims:Suspend"]);
    expect(keeper.counts()).toMatchObject({ waiting: 0, suspended: 1, paid: 0 });
  });

  it("begins after a restart with what is not over", async () => {
    const first = await setUp("district");
    first.world.events.push(settled("sc1-1", 3), { ...settled("", 8), name: "sc1.Accepted" });
    await first.tickAt(END + HOUR_MS);
    first.keeper.close();
    expect((await setUp("district", first.disk)).world.readFrom).toEqual([3]);
    await first.tickAt(RELEASABLE);
    expect((await setUp("district", first.disk)).world.readFrom).toEqual([8]);
  });

  it("reads no further than its bound, and on when contracts are through", async () => {
    const { world, keeper, tickAt } = await setUp("district");
    for (let number = 0; number < DISPUTES_WAITING_MAX + 5; number++)
      world.events.push(settled(`sc1-${number}`, number));
    await tickAt(END + 10_000);
    expect(keeper.counts().waiting).toBe(DISPUTES_WAITING_MAX);
    world.held = "0";
    await tickAt(RELEASABLE);
    await tickAt(RELEASABLE + LOOK_EVERY_MS);
    expect(keeper.counts().waiting).toBe(0);
  });
});
