import { describe, expect, it } from "vitest";
import { EvaluateError, type LedgerArgument } from "../client/index.ts";
import { claimDue, isRulingPaidBy } from "./ruling-claim.ts";

const SUSPENDABLE = 1_454_004_000_000;
const CLAIM_ID = "ruling:1";

type World = {
  debtorId: string;
  creditorId: string;
  /** Where the device is by now. */
  homeVnId: string;
  spendableMicro: string;
  suspendedFor: string[];
  basis: "ruling" | "bill";
  state: "open" | "paid";
};

function ledgerWith(changes: Partial<World>) {
  const world: World = {
    debtorId: "feid:feid-1",
    creditorId: "vn:district",
    homeVnId: "district",
    spendableMicro: "50",
    suspendedFor: [],
    basis: "ruling",
    state: "open",
    ...changes,
  };
  const { debtorId, creditorId, basis, state, homeVnId, spendableMicro, suspendedFor: claimIds } = world;
  const instants = { dueUnixMs: SUSPENDABLE - 1, suspendFromUnixMs: SUSPENDABLE };
  const device = { deviceId: "feid-1", publicKeyHex: "ab".repeat(32), mspId: "VnMSP", state: "active", revision: 0 };
  const answers: Record<string, unknown> = {
    "claims:GetClaim": { claimId: CLAIM_ID, debtorId, creditorId, amountMicro: "50", basis, state, ...instants },
    "claims:GetSuspension": claimIds.length === 0 ? null : { accountId: debtorId, claimIds },
    "registry:GetDevice": { ...device, vnId: homeVnId },
    "accounts:GetAccount": {
      ...{ accountId: debtorId, balanceMicro: "900", spendableMicro },
      ...{ pendingCredits: [], hasMoreCredits: false },
    },
  };
  return {
    async evaluate(name: string, _: LedgerArgument) {
      if (!(name in answers)) throw new TypeError(name);
      return answers[name];
    },
  };
}

const due = (changes: Partial<World>, { vnId = "district", dueUnixMs = SUSPENDABLE - 1 } = {}) =>
  claimDue(ledgerWith(changes), CLAIM_ID, { vnId, dueUnixMs });

const waiting = { kind: "wait", untilUnixMs: SUSPENDABLE };
const late = { dueUnixMs: SUSPENDABLE };

type Case = [what: string, world: Partial<World>, at: { vnId?: string; dueUnixMs?: number }];

describe("a ruling's claim", () => {
  it.each<Case>([
    ["a node's own", { debtorId: "vn:district", creditorId: "feid:feid-1" }, {}],
    ["the aggregator's", { debtorId: "aggregator" }, { vnId: "all" }],
    ["that of a device, by its node", {}, {}],
    ["that of a device, by the node that it has moved to", { homeVnId: "offices" }, { vnId: "offices" }],
    ["also when its debtor could be suspended by now", {}, late],
  ])("is paid: %s", async (_, world, at) => {
    expect(await due(world, at)).toEqual({ kind: "pay" });
  });

  it("is not paid with a micro-euro too little, but waits, as money may come", async () => {
    expect(await due({ spendableMicro: "49" })).toEqual(waiting);
    expect(await due({ spendableMicro: "50" })).toEqual({ kind: "pay" });
  });

  it("is waited for by its creditor, who then suspends the debtor, once", async () => {
    const moved = { homeVnId: "offices" };
    expect(await due(moved)).toEqual(waiting);
    expect(await due(moved, late)).toEqual({ kind: "suspend" });
    expect(await due({ ...moved, suspendedFor: ["other"] }, late)).toEqual({ kind: "suspend" });
    expect(await due({ ...moved, suspendedFor: ["other", CLAIM_ID] }, late)).toEqual({ kind: "unpaid" });
  });

  it("is let go of by a debtor who cannot pay it in time", async () => {
    const poor = { homeVnId: "offices", spendableMicro: "49" };
    expect(await due(poor, { vnId: "offices" })).toEqual(waiting);
    expect(await due(poor, { vnId: "offices", ...late })).toEqual({ kind: "unpaid" });
  });

  it.each<Case>([
    ["is paid", { state: "paid" }, {}],
    ["is another node's", { homeVnId: "offices", creditorId: "vn:village" }, {}],
    ["is between a node and its device, for the aggregator", {}, { vnId: "all" }],
  ])("is nobody's business here when it %s", async (_, world, at) => {
    expect(await due(world, at)).toEqual({ kind: "done" });
  });

  it("is nobody's business when there is none, or none that may be seen", async () => {
    for (const code of ["CLAIM_UNKNOWN", "ACCESS_NOT_OWNER"]) {
      const error = new EvaluateError("", new Error(`chaincode response 500, ${code}: none`));
      const ledger = { evaluate: () => Promise.reject(error) };
      expect(await claimDue(ledger, CLAIM_ID, { vnId: "district", ...late })).toEqual({ kind: "done" });
      expect(await isRulingPaidBy({ vnId: "district" }, CLAIM_ID, ledger)).toBe(false);
    }
  });

  it("is kept by who pays it; a bill is a person's to pay", async () => {
    const district = { vnId: "district" };
    expect(await isRulingPaidBy(district, CLAIM_ID, ledgerWith({}))).toBe(true);
    expect(await isRulingPaidBy(district, CLAIM_ID, ledgerWith({ basis: "bill" }))).toBe(false);
    expect(await isRulingPaidBy(district, CLAIM_ID, ledgerWith({ homeVnId: "offices" }))).toBe(false);
  });
});
