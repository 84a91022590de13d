import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson } from "@gridpact/settlement";
import { beforeAll, describe, expect, it } from "vitest";
import {
  ACCESS,
  type AccessRow,
  contracts,
  ROLES,
  type Role,
  type TransactionArgument,
  type TransactionName,
} from "../src/index.ts";
import { type Identity, issueIdentity, privateKeyOf } from "./certificate.ts";
import { acceptedSc1, acceptedSc2 } from "./event.ts";
import { Feid } from "./feid.ts";
import {
  acceptance,
  consent,
  DISTRICT,
  HASH,
  hedgeTerms,
  type Market,
  OFFICES,
  openMarket,
  programme,
  sc1Terms,
  sc2Terms,
  staff,
} from "./market.ts";

const names = Object.keys(ACCESS) as TransactionName[];
const newcomer = new Feid("newcomer");

/** One well-formed argument for each transaction, about the district and its device `feid-1`. */
const ARGUMENTS: { [N in TransactionName]: TransactionArgument<N> } = {
  "registry:RegisterVirtualNode": { vnId: "village", mspId: "VnMSP" },
  "registry:GetVirtualNode": { vnId: "district" },
  "registry:EnrolDevice": {
    deviceId: newcomer.deviceId,
    publicKeyHex: newcomer.publicKeyHex,
    vnId: "district",
    mspId: "VnMSP",
    enrolmentRequestHex: Buffer.from(newcomer.enrolmentRequest()).toString("hex"),
  },
  "registry:RotateKey": {
    deviceId: "feid-1",
    publicKeyHex: newcomer.publicKeyHex,
    enrolmentRequestHex: Buffer.from(newcomer.enrolmentRequest()).toString("hex"),
    consentSignatureHex: HASH + HASH,
    firstBatchNo: 0,
  },
  "registry:ReleaseDevice": { deviceId: "feid-1", toVnId: "offices", consentSignatureHex: HASH + HASH },
  "registry:RevokeDevice": { deviceId: "feid-1", reason: "stolen" },
  "registry:GetDevice": { deviceId: "feid-1" },
  "registry:GetDeviceRevision": { deviceId: "feid-1", revision: 0 },
  "anchors:CommitAnchor": { vnId: "district", batchNo: 0, size: 1, rootHex: HASH, prevRootHex: "00".repeat(32) },
  "anchors:GetAnchor": { vnId: "district", batchNo: 0 },
  "anchors:GetHead": { vnId: "district" },
  "time:AttestInstant": { instantUnixMs: 1 },
  "time:GetInstant": { instantUnixMs: 1 },
  "programmes:Publish": programme({ programmeId: "night" }),
  "programmes:Enrol": { programmeId: "default", vnId: "district", orderedWhPerIntervalMax: null },
  "programmes:Leave": { programmeId: "default", vnId: "district" },
  "programmes:GetProgramme": { programmeId: "default" },
  "programmes:GetAgreement": { programmeId: "default", vnId: "district" },
  "supply:Agree": { deviceId: "feid-1", revision: 1 },
  "supply:GetAgreement": { deviceId: "feid-1", revision: 0 },
  "supply:GetCommitment": { deviceId: "feid-1", revision: 0 },
  "accounts:Mint": { accountId: "aggregator", amountMicro: 1n },
  "accounts:Consolidate": { accountId: "vn:district", transactionIds: [HASH] },
  "accounts:Burn": { accountId: "feid:feid-1", amountMicro: 1n },
  "accounts:SetSupplyLimit": { circulatingMaxMicro: null },
  "accounts:Transfer": { fromId: "feid:feid-1", toId: "aggregator", amountMicro: 1n, reference: "gift" },
  "accounts:Reserve": { accountId: "vn:district", reserves: [{ reserveId: "chunk-0", amountMicro: 1n }] },
  "accounts:GetAccount": { accountId: "feid:feid-1" },
  "accounts:GetStatement": { accountId: "feid:feid-1", after: "", limit: 10 },
  "accounts:GetSupply": {},
  "sc1:SetupDR": sc1Terms({ contractId: "sc1-2" }),
  "sc1:CommitBaselines": { contractId: "sc1-1", baselines: { "feid-1": [1n, 1n] } },
  "sc1:AcceptReduction": acceptance(["feid-1"]),
  "sc1:RefuseReduction": { contractId: "sc1-1", reason: "too late" },
  "sc1:CallFallback": { contractId: "sc1-1", terms: sc1Terms({ contractId: "sc1-2", vnId: "offices" }) },
  "sc1:SettleDR": { contractId: "sc1-1", chunkNo: 0, settlements: [] },
  "sc1:DRCompletion": { contractId: "sc1-1", chunkNo: 0 },
  "sc1:GetContract": { contractId: "sc1-1" },
  "sc1:GetChunk": { contractId: "sc1-1", chunkNo: 0 },
  "sc1:GetBaseline": { contractId: "sc1-1", deviceId: "feid-1" },
  "sc2:SetupDR": { chunkNo: 1, terms: sc2Terms("feid-1", { contractId: "sc2-2" }) },
  "sc2:SetupDRBatch": { chunkNo: 1, reserveId: null, contracts: [sc2Terms("feid-1", { contractId: "sc2-2" })] },
  "sc2:AcceptReduction": consent(sc2Terms("feid-1")),
  "sc2:AcceptReductionBatch": { consents: [{ contractId: "sc2-1-feid-1", signatureHex: HASH + HASH }] },
  "sc2:Amend": {
    sc1Id: "sc1-1",
    changes: [
      {
        contractId: "sc2-1-feid-1",
        amendmentNo: 1,
        orderedWh: [1_000n, 0n],
        penaltyCapMicro: 0n,
        signatureHex: HASH + HASH,
      },
    ],
    joinedIds: [],
    sumChangeWh: [0n, -1_000n],
  },
  "sc2:SettleDR": { contractId: "sc2-1-feid-1", evidence: null },
  "sc2:SettleDRBatch": { settlements: [{ contractId: "sc2-1-feid-1", evidence: null }] },
  "sc2:GetContract": { contractId: "sc2-1-feid-1" },
  "claims:Bill": {
    claimId: "bill-2",
    programmeId: "default",
    vnId: "district",
    deviceId: "feid-1",
    fromUnixMs: 0,
    toUnixMs: 1,
    dueUnixMs: 2,
    evidence: [{ vnId: "district", evidence: { envelopes: [], boundaries: [null, null] } }],
  },
  "claims:Pay": { claimId: "bill-1" },
  "claims:Suspend": { claimId: "owed-1" },
  "claims:GetClaim": { claimId: "bill-1" },
  "claims:GetSuspension": { accountId: "aggregator" },
  "hedges:PublishIndex": { indexId: "day-ahead", startUnixMs: 0, priceMicroPerWh: 1n },
  "hedges:GetIndex": { indexId: "day-ahead", startUnixMs: 0 },
  "hedges:Offer": hedgeTerms({ hedgeId: "hedge-2", writerId: "feid:feid-1" }),
  "hedges:Accept": { hedgeId: "hedge-1" },
  "hedges:Withdraw": { hedgeId: "hedge-3" },
  "hedges:Settle": { hedgeId: "hedge-1" },
  "hedges:Void": { hedgeId: "hedge-1" },
  "hedges:GetHedge": { hedgeId: "hedge-1" },
  "disputes:Open": { contractId: "sc2-1-feid-1", reason: "a reading is missing" },
  "disputes:SubmitEvidence": {
    contractId: "sc2-1-feid-1",
    evidence: { envelopes: [], boundaries: [null, null, null] },
  },
  "disputes:Rule": { contractId: "sc2-1-feid-1", isUpheld: false },
  "disputes:Close": { contractId: "sc2-1-feid-1" },
  "disputes:Release": { contractIds: ["sc2-1-feid-1"] },
  "disputes:GetDispute": { contractId: "sc2-1-feid-1" },
  "disputes:OpenSc1": { contractId: "sc1-1", reason: "a ruling moved an SC2" },
  "disputes:SumAnew": { contractId: "sc1-1", chunkNo: 0 },
  "disputes:RuleSc1": { contractId: "sc1-1", isUpheld: false },
  "disputes:CloseSc1": { contractId: "sc1-1" },
  "disputes:ReleaseSc1": { contractId: "sc1-1" },
  "disputes:GetSc1Dispute": { contractId: "sc1-1" },
};

/** Claims and hedges of the device `feid-1`: as debtor, creditor, holder and writer. */
async function openObligations(market: Market): Promise<void> {
  const feid = new Feid("feid-1").identity;
  market.ledger.seed("claim/bill-1", claim({ claimId: "bill-1", debtorId: "feid:feid-1", creditorId: "vn:district" }));
  market.ledger.seed("claim/owed-1", claim({ claimId: "owed-1", creditorId: "feid:feid-1" }));
  await market.submit(staff("aggregator"), "hedges:Offer", hedgeTerms({ holderId: "feid:feid-1" }));
  await market.submit(feid, "hedges:Offer", hedgeTerms({ hedgeId: "hedge-3", writerId: "feid:feid-1" }));
}

function claim(parties: { claimId: string; debtorId?: string; creditorId?: string }): unknown {
  const terms = { amountMicro: 1n, basis: "bill", dueUnixMs: 0, suspendFromUnixMs: 0, state: "open" };
  return { debtorId: "vn:offices", creditorId: "vn:offices", ...terms, ...parties };
}

const OWNERS: { [R in Role]: Identity } = {
  aggregator: staff("aggregator"),
  vn: DISTRICT,
  prosumer: new Feid("feid-1").identity,
  dso: staff("dso"),
  auditor: staff("auditor"),
  administrator: staff("administrator"),
};

const STRANGERS: { [R in Role]?: Identity } = {
  aggregator: OWNERS.aggregator, // Owns only the account `aggregator`, which no argument here is about.
  vn: OFFICES,
  prosumer: new Feid("feid-2").identity,
};

const pairs = names.flatMap((name) => ROLES.map((role) => ({ name, role, scope: (ACCESS[name] as AccessRow)[role] })));

describe("access", () => {
  let market: Market;

  beforeAll(async () => {
    const opened = await openMarket(2);
    market = opened.market;
    await acceptedSc1(market, opened.feids);
    await acceptedSc2(market, opened.feids);
    await openObligations(market);
  });

  async function answer(caller: Identity, name: TransactionName): Promise<string> {
    const call = { name, args: [canonicalJson(ARGUMENTS[name])], atUnixMs: market.nowUnixMs };
    return (await market.ledger.endorse(caller, call)).message;
  }

  it.each(pairs.filter(({ scope }) => scope === undefined))("refuses $role at $name", async ({ role, name }) => {
    expect(await answer(OWNERS[role], name)).toMatch(/^ACCESS_DENIED: /);
  });

  it.each(pairs.filter(({ scope }) => scope === "any"))("lets $role call $name", async ({ role, name }) => {
    expect(await answer(OWNERS[role], name)).not.toMatch(/^ACCESS_/);
  });

  it.each(pairs.filter(({ scope, role }) => scope === "own" && role !== "aggregator"))(
    "lets $role call $name about its own",
    async ({ role, name }) => {
      expect(await answer(OWNERS[role], name)).not.toMatch(/^ACCESS_/);
    },
  );

  it.each(pairs.filter(({ scope }) => scope === "own"))(
    "refuses $role at $name about another's",
    async ({ role, name }) => {
      expect(await answer(STRANGERS[role] ?? OWNERS[role], name)).toMatch(/^ACCESS_NOT_OWNER: /);
    },
  );

  it("has a row for every transaction that fabric-shim would call, and no other", () => {
    const methods = contracts.flatMap((Class) => {
      const contractName = new Class().getName();
      const own = Object.getOwnPropertyNames(Class.prototype).filter((method) => method !== "constructor");
      return own.map((method) => `${contractName}:${method}`);
    });
    expect(methods.sort()).toEqual([...names].sort());
  });

  it("is told by the README as it is", () => {
    const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");
    const rows = readme.split("\n").filter((line) => /^\| `\w+:\w+` \|/.test(line));
    const expected = names.map((name) => {
      const cells = ROLES.map((role) => (ACCESS[name] as AccessRow)[role] ?? "");
      return `| \`${name}\` | ${cells.join(" | ")} |`;
    });
    expect(rows).toEqual(expected);
  });

  it("lets the aggregator see its own account", async () => {
    const account = await market.submit(OWNERS.aggregator, "accounts:GetAccount", { accountId: "aggregator" });
    expect(account.accountId).toBe("aggregator");
  });
});

describe("an identity", () => {
  const publicKey = createPublicKey(privateKeyOf("someone"));
  const identity = (mspId: string, attributes: Record<string, string>) =>
    issueIdentity({ mspId, commonName: "someone", attributes, publicKey });

  it.each([
    { why: "has no role", caller: identity("AggregatorMSP", {}) },
    { why: "has an unknown role", caller: identity("AggregatorMSP", { role: "king" }) },
    { why: "has a role that its organisation cannot give", caller: identity("VnMSP", { role: "aggregator" }) },
    { why: "mints for the aggregator", caller: identity("AggregatorMSP", { role: "administrator" }) },
    { why: "is a VN without vnId", caller: identity("VnMSP", { role: "vn" }) },
    { why: "is a prosumer without deviceId", caller: identity("VnMSP", { role: "prosumer" }) },
  ])("is refused when it $why", async ({ caller }) => {
    const { market } = await openMarket(0);
    const refusal = market.submit(caller, "registry:GetVirtualNode", { vnId: "district" });
    await expect(refusal).rejects.toMatchObject({ code: "ACCESS_IDENTITY_INVALID" });
  });

  it("is read from an Ed25519 certificate as fabric-shim gives it", async () => {
    const { market } = await openMarket(0);
    const caller = identity("VnMSP", { role: "vn", vnId: "district" });
    expect((await market.submit(caller, "registry:GetVirtualNode", { vnId: "district" })).vnId).toBe("district");
  });
});
