import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk } from "@gridpact/host";
import { verifyZip215 } from "@gridpact/proto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TRUST_FILE, writeSeason } from "../scenario/season/write-season.ts";
import { type AuditedBlock, ReplayedAhead } from "../src/audit/replayed-ahead.ts";
import {
  auditBlocks,
  BlockVerifier,
  type ProvenBlock,
  type ProvenTransaction,
  readStoredBlocks,
} from "../src/index.ts";
import type { Consortium } from "../src/protocol/index.ts";

const directory = join(mkdtempSync(join(tmpdir(), "gridpact-ahead-")), "season");
const proven: ProvenBlock[] = [];

beforeAll(async () => {
  await writeSeason({ settlements: 5, devices: 3, seed: "ahead" }, directory);
  const verifier = new BlockVerifier(JSON.parse(readFileSync(join(directory, TRUST_FILE), "utf8")) as Consortium);
  for await (const bytes of readStoredBlocks({ disk: nodeDisk(directory) })) proven.push(verifier.verify(bytes));
}, 60_000);

afterAll(() => rmSync(join(directory, ".."), { recursive: true }));

/** Who has time for which transaction: nobody ahead, all of them, and one or the other in turns of two and three. */
const TIMES: Record<string, () => () => boolean> = {
  never: () => () => false,
  always: () => () => true,
  "every second time": () => inTurns(2),
  "every third time": () => inTurns(3),
};

function inTurns(length: number): () => boolean {
  let asked = 0;
  return () => asked++ % length === 0;
}

async function auditOf(blocks: readonly ProvenBlock[], hasTime: () => boolean) {
  let asked = 0;
  const proof = { verify: () => blocks[asked++] as ProvenBlock };
  const replaying = new ReplayedAhead({ proof, verifySignature: verifyZip215, hasTime });
  let ahead = 0;
  const verify = async (bytes: Uint8Array): Promise<AuditedBlock> => {
    const block = await replaying.verify(bytes);
    ahead += block.replayed?.size ?? 0;
    return block;
  };
  return { report: await auditBlocks(streamed(blocks.map(() => new Uint8Array())), { verifier: { verify } }), ahead };
}

async function* streamed(blocks: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* blocks;
}

/** The last transaction of a name that the change applies to, changed after its block was proven. */
function forged(name: string, change: (transaction: ProvenTransaction) => Partial<ProvenTransaction> | undefined) {
  const isChanged = (each: ProvenTransaction) => each.name === name && change(each) !== undefined;
  const target = proven.findLast(({ transactions }) => [...transactions.values()].some(isChanged));
  return proven.map((block) => {
    if (block !== target) return block;
    const changed = [...block.transactions].map(([id, each]): [string, ProvenTransaction] => [
      id,
      isChanged(each) ? { ...each, ...change(each) } : each,
    ]);
    return { ...block, transactions: new Map(changed) };
  });
}

/** One bit of one digit of the first value under the prefix. */
function oneBitOf(prefix: string, digit: RegExp) {
  return ({ writes }: ProvenTransaction) => {
    const key = [...writes.keys()].find((each) => each.startsWith(prefix) && digit.test(writes.get(each) ?? ""));
    const text = writes.get(key ?? "");
    return text === undefined ? undefined : { writes: new Map([...writes, [key ?? "", withOneBit(text, digit)]]) };
  };
}

function withOneBit(text: string, digit: RegExp): string {
  return text.replace(
    digit,
    (found) => found.slice(0, -1) + String.fromCharCode(found.charCodeAt(found.length - 1) ^ 1),
  );
}

const FORGERIES: [what: string, blocks: () => ProvenBlock[], found: RegExp][] = [
  ["a payment", () => forged("sc1:DRCompletion", oneBitOf("entry/", /"amountMicro":"\d/)), /"amountMicro"/],
  ["metered energy", () => forged("sc1:SettleDR", oneBitOf("sc2/", /"actualWh":"\d/)), /"actualWh"/],
  ["a root", () => forged("anchors:CommitAnchor", oneBitOf("anchor/", /"rootHex":"\d/)), /"rootHex"/],
  ["a device's key", () => forged("registry:EnrolDevice", oneBitOf("device/", /"publicKeyHex":"\d/)), /"publicKeyHex"/],
  ...(["envelopeHex", "pathHex"] as const).map((field): [string, () => ProvenBlock[], RegExp] => [
    `evidence, in ${field}`,
    () =>
      forged("sc1:SettleDR", ({ argument }) => {
        const digits = new RegExp(`"${field}":\\[?"[0-9a-f]*\\d`);
        return digits.test(argument) ? { argument: withOneBit(argument, digits) } : undefined;
      }),
    /^EVIDENCE_/,
  ]),
  [
    "a signature of a consent",
    () =>
      forged("sc2:AcceptReductionBatch", ({ argument }) => ({
        argument: withOneBit(argument, /"signatureHex":"[0-9a-f]*\d/),
      })),
    /^SC2_CONSENT_UNPROVEN/,
  ],
  [
    "a completion that nobody can read",
    () => forged("sc1:DRCompletion", () => ({ argument: "{" })),
    /^ARGUMENT_INVALID/,
  ],
];

describe("whoever replays which transaction", () => {
  it.each(Object.keys(TIMES))("finds nothing in an honest ledger: ahead %s", async (when) => {
    const { report } = await auditOf(proven, TIMES[when]?.() as () => boolean);
    expect(report.findings).toEqual([]);
    expect(report.counts).toMatchObject({ sc2Settled: 5, sc1Settled: 2, sc1Completed: 2 });
    expect(report.headHashHex).toBe(proven.at(-1)?.hashHex);
  });

  it("all are replayed ahead when there is always time, and none when there is never", async () => {
    const { report, ahead } = await auditOf(proven, () => true);
    expect(ahead).toBe(report.counts.transactions);
    expect((await auditOf(proven, () => false)).ahead).toBe(0);
  });

  it.each(FORGERIES)("finds %s with one bit changed, with the same words", async (_, blocks, found) => {
    const alone = await auditOf(blocks(), () => false);
    expect(alone.report.findings[0]?.found).toMatch(found);
    for (const hasTime of Object.values(TIMES)) {
      expect((await auditOf(blocks(), hasTime())).report).toEqual(alone.report);
    }
  });
});
