import {
  type AuditFinding,
  type AuditReport,
  auditBlocks,
  type BlockProof,
  BlockVerifier,
  FINDINGS_MAX,
  FindingLog,
  LedgerAudit,
  type ProvenBlock,
  type ProvenTransaction,
} from "@gridpact/ledger";
import { beforeAll, describe, expect, it } from "vitest";
import { blocksOf, type Day, playedDay } from "../../test/played-day.ts";

let day: Day;
let blocks: Uint8Array[];
let proven: ProvenBlock[];

beforeAll(async () => {
  day = await playedDay("audit");
  blocks = [];
  for await (const bytes of blocksOf(day)) blocks.push(bytes);
  const verifier = new BlockVerifier(day.consortium);
  proven = blocks.map((bytes) => verifier.verify(bytes));
}, 300_000);

async function* streamed(bytes: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* bytes;
}

/**
 * What an audit finds when peers and orderers of all organisations had together signed something else: the last
 * transaction of the name is changed after its block was proven.
 */
async function auditTampered(
  name: string,
  change: (transaction: ProvenTransaction) => Partial<ProvenTransaction> | undefined,
): Promise<AuditReport> {
  const audit = new LedgerAudit();
  // Undefined where the change does not apply: an SC1 is settled and completed by several transactions of one name.
  const isNamed = (transaction: ProvenTransaction) => transaction.name === name && change(transaction) !== undefined;
  const target = proven.findLast((block) => [...block.transactions.values()].some(isNamed));
  expect(target, `${name} is on the ledger`).toBeDefined();
  for (const block of proven) await audit.add(block === target ? tampered(block) : block);
  return audit.report();

  function tampered(block: ProvenBlock): ProvenBlock {
    const transactions = [...block.transactions].map(([id, each]): [string, ProvenTransaction] => [
      id,
      isNamed(each) ? { ...each, ...change(each) } : each,
    ]);
    return { ...block, transactions: new Map(transactions) };
  }
}

/** The first write whose key has the prefix, changed by a replacement in its text. */
function rewrite(prefix: string, from: RegExp, to: string) {
  return ({ writes }: ProvenTransaction): Partial<ProvenTransaction> | undefined => {
    const key = [...writes.keys()].find((each) => each.startsWith(prefix) && from.test(writes.get(each) ?? ""));
    return key === undefined ? undefined : { writes: new Map([...writes, [key, writes.get(key)?.replace(from, to)]]) };
  };
}

/** Gives what is said to be proven, of the blocks under way the later ones first. */
function latestFirst(said: readonly ProvenBlock[]): BlockProof {
  let asked = 0;
  return {
    verify: async () => {
      const number = asked++;
      for (let turns = 0; turns < 100 - 20 * (number % 5); turns++) await undefined;
      return said[number] as ProvenBlock;
    },
  };
}

function about({ findings }: AuditReport): string[] {
  return findings.map((finding: AuditFinding) => `${finding.name} ${finding.about}`);
}

describe("the audit of an honest ledger", () => {
  it("recomputes everything and finds nothing", async () => {
    const report = await auditBlocks(streamed(blocks), { verifier: new BlockVerifier(day.consortium) });
    expect(report.findings).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.headHashHex).toBe(proven.at(-1)?.hashHex);
    expect(report.counts).toMatchObject({ blocks: blocks.length, sc1Settled: 2, sc1Completed: 2 });
    expect(report.counts.sc2Settled).toBeGreaterThanOrEqual(5);
  });

  it("accounts for every micro", async () => {
    const { money } = await auditBlocks(streamed(blocks), { verifier: new BlockVerifier(day.consortium) });
    expect(money.onAccountsMicro + money.heldMicro).toBe(money.mintedMicro);
    // A tenth is held back for disputes, whose windows end after the day.
    expect(money.paidMicro + money.penaltyMicro + money.returnedMicro + money.heldMicro).toBe(money.lockedMicro);
    expect(money.heldMicro * 10n).toBeLessThanOrEqual(money.lockedMicro);
    expect(money.paidMicro > 0n && money.penaltyMicro > 0n).toBe(true);
  });

  it("counts what open contracts hold when the ledger ends in the middle of an event", async () => {
    const middle = proven.findIndex((block) =>
      [...block.transactions.values()].some((each) => each.name === "sc1:SettleDR"),
    );
    const report = await auditBlocks(streamed(blocks.slice(0, middle)), {
      verifier: new BlockVerifier(day.consortium),
    });
    expect(report.findings).toEqual([]);
    expect(report.money.heldMicro).toBeGreaterThan(0n);
  });
});

describe("a damaged chain", () => {
  it("ends the audit at a block with a flipped byte", async () => {
    const damaged = blocks.map((each) => Uint8Array.from(each));
    const [block] = damaged.slice(7);
    if (block !== undefined) block[block.length >> 1] = (block[block.length >> 1] ?? 0) ^ 1;
    const report = await auditBlocks(streamed(damaged), { verifier: new BlockVerifier(day.consortium) });
    expect(report.findings[0]).toMatchObject({ name: "block", blockNumber: 7 });
    expect(report.counts.blocks).toBe(7);
  });

  it("ends it at a block that is missing, in the middle or at the beginning", async () => {
    const gap = await auditBlocks(streamed(blocks.filter((_, index) => index !== 9)), {
      verifier: new BlockVerifier(day.consortium),
    });
    expect(gap.findings[0]?.found).toMatch(/block 10 does not follow 8/);
    const late = await auditBlocks(streamed(blocks.slice(1)), { verifier: new BlockVerifier(day.consortium) });
    expect(late.findings[0]?.found).toMatch(/the first block is block 1/);
  });

  it("ends it at once for someone who trusts another consortium", async () => {
    const orderers = day.consortium.orderers.map(({ mspId }) => ({
      mspId,
      certificatePem: day.consortium.organisations[0]?.authorityPem ?? "",
    }));
    const report = await auditBlocks(streamed(blocks), {
      verifier: new BlockVerifier({ ...day.consortium, orderers }),
    });
    expect(report.findings[0]?.found).toMatch(/BLOCK_ORDERER_SIGNATURES/);
    expect(report.counts.blocks).toBe(0);
  });
});

describe("a value that all peers signed and that still does not follow", () => {
  type Case = [what: string, name: string, prefix: string, from: RegExp, to: string, found: RegExp];

  const CASES: Case[] = [
    ["a settlement of a device", "sc2:SettleDRBatch", "sc2/", /"paidMicro":"\d+"/, '"paidMicro":"7"', / sc2\//],
    ["metered energy", "sc2:SettleDRBatch", "sc2/", /"actualWh":"-?\d+"/, '"actualWh":"1"', / sc2\//],
    ["the hash of the evidence", "sc2:SettleDRBatch", "sc2/", /"evidenceHashHex":"../, '"evidenceHashHex":"', / sc2\//],
    ["a settlement of a virtual node", "sc1:SettleDR", "sc1/", /"penaltyMicro":"\d+"/, '"penaltyMicro":"1"', / sc1\//],
    ["a payment", "sc1:DRCompletion", "entry/", /"amountMicro":"/, '"amountMicro":"9', / entry\//],
    ["a balance", "sc1:DRCompletion", "account/", /"spendableMicro":"/, '"spendableMicro":"9', / account\//],
    ["a credit", "sc1:DRCompletion", "credit/", /"amountMicro":"/, '"amountMicro":"9', / credit\//],
    ["the supply", "accounts:Mint", "supply", /"mintedMicro":"/, '"mintedMicro":"9', / supply/],
    ["a committed baseline", "sc1:AcceptReduction", "baseline/", /"baselineWh":\["/, '"baselineWh":["9', / baseline\//],
    ["the terms of a device", "sc2:SetupDRBatch", "sc2/", /"penaltyCapMicro":"/, '"penaltyCapMicro":"9', / sc2\//],
    ["a deposit", "sc2:AcceptReduction", "sc2/", /"heldMicro":"/, '"heldMicro":"9', / sc2\//],
    ["a root", "anchors:CommitAnchor", "anchor/", /"rootHex":"../, '"rootHex":"00', / anchor\//],
    ["a device's key", "registry:EnrolDevice", "device/", /"publicKeyHex":"../, '"publicKeyHex":"00', / device\//],
  ];

  it.each(CASES)("%s is found", async (_, name, prefix, from, to, found) => {
    const report = await auditTampered(name, rewrite(prefix, from, to));
    expect(report.ok).toBe(false);
    expect(about(report)[0]).toMatch(new RegExp(`^${name}${found.source}`));
    expect(report.findings[0]?.transactionId).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is also one that was never due: money for a stranger", async () => {
    const report = await auditTampered("sc1:DRCompletion", ({ writes }) => ({
      writes: new Map([...writes, ["account/feid:stranger", '{"accountId":"feid:stranger","spendableMicro":"5"}']]),
    }));
    expect(about(report)).toContain("sc1:DRCompletion account/feid:stranger");
    expect(about(report)).toContain("totals balance of feid:stranger");
    expect(about(report)).toContain("totals money on accounts and in contracts");
  });

  it("is also one that was left out", async () => {
    const report = await auditTampered("sc1:DRCompletion", ({ writes }) => {
      const left = [...writes].filter(([key]) => !key.startsWith("account/"));
      return left.length === writes.size ? undefined : { writes: new Map(left) };
    });
    expect(report.findings[0]?.found).toBe("no write");
  });
});

describe("an act that was not allowed", () => {
  it("is found by who signed it: another organisation, or not the device itself", async () => {
    const minted = await auditTampered("accounts:Mint", () => ({ creatorMspId: "AggregatorMSP" }));
    expect(minted.findings[0]?.found).toMatch(/^ACCESS_IDENTITY_INVALID: AggregatorMSP cannot vouch/);
    const creatorAttributes = { role: "prosumer", deviceId: "someone-else" };
    const accepted = await auditTampered("sc2:AcceptReduction", () => ({ creatorAttributes }));
    expect(accepted.findings[0]?.found).toMatch(/^ACCESS_NOT_OWNER/);
    const role = await auditTampered("sc1:DRCompletion", () => ({ creatorAttributes: { role: "dso" } }));
    expect(role.findings[0]?.found).toMatch(/^ACCESS_IDENTITY_INVALID/);
  });

  it("is found when evidence does not verify", async () => {
    const report = await auditTampered("sc2:SettleDRBatch", ({ argument }) => ({
      argument: argument.replace(/"pathHex":\["../, '"pathHex":["00'),
    }));
    expect(report.findings[0]?.found).toMatch(/EVIDENCE_NOT_ANCHORED|is not in batch/);
  });

  it("is found when a block settles again what the one before has settled, whichever is proven first", async () => {
    const settling = proven.findIndex(({ transactions }) =>
      [...transactions.values()].some(({ name }) => name === "sc2:SettleDRBatch"),
    );
    const [settled] = [...(proven[settling]?.transactions.values() ?? [])];
    if (settled === undefined) throw new TypeError("no settlement on the ledger");
    const transactionId = "ff".repeat(32);
    const again: [string, ProvenTransaction] = [transactionId, { ...settled, transactionId }];
    const forged = proven.map((block, number) =>
      number === settling + 1 ? { ...block, transactions: new Map([...block.transactions, again]) } : block,
    );
    const report = await auditBlocks(streamed(blocks), { verifier: latestFirst(forged) });
    expect(report.findings[0]).toMatchObject({ blockNumber: settling + 1, transactionId });
    expect(report.findings[0]?.found).toMatch(/^SC2_WRONG_STATE/);
  });

  it("is found when it is no transaction of the contracts", async () => {
    const report = await auditTampered("sc1:SettleDR", () => ({ name: "sc1:Unheard" }));
    expect(report.findings[0]?.found).toBe("there is no transaction sc1:Unheard");
  });
});

describe("findings", () => {
  it("are kept up to their bound and counted beyond it", () => {
    const log = new FindingLog();
    const finding = {
      blockNumber: 1,
      transactionId: null,
      name: "n",
      about: "a",
      expected: "e",
      found: "x".repeat(9_999),
    };
    for (let count = 0; count < FINDINGS_MAX + 3; count++) log.add(finding);
    expect(log.findings).toHaveLength(FINDINGS_MAX);
    expect(log.total()).toBe(FINDINGS_MAX + 3);
    expect(log.findings[0]?.found.length).toBeLessThan(3_000);
  });
});
