import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeDisk } from "@gridpact/host";
import { openSignatureVerifier } from "@gridpact/native";
import { auditBlocks, type Consortium, ProofThread, type ProvenBlock, readStoredBlocks } from "../../src/index.ts";
import { ownCpuMs } from "../embedded-world.ts";
import { TRUST_FILE } from "./write-season.ts";

/** Memory of the auditing process after so many blocks. */
export type MemorySample = { blocks: number; seconds: number; residentMb: number; heapMb: number };

/** Of the auditing process alone: the season was written by another one. */
export type SeasonAudit = {
  settlements: number;
  blocks: number;
  transactions: number;
  seconds: number;
  settlementsPerSecond: number;
  cpuMsPerSettlement: number;
  residentMbMax: number;
  memory: MemorySample[];
  /** Of the last block: so that no work can be left out. */
  headHashHex: string;
};

/** Samples of memory in a result: enough for a line to be drawn. */
const SAMPLES_MAX = 20;

/** Blocks from one word of progress to the next: some 40,000 settlements. */
const BLOCKS_BETWEEN_WORDS = 500;

/**
 * Audits a season as `gridpact audit` does, and measures it.
 * @param tell - Learns how it goes, every 500 blocks
 * @throws AssertionError when the season does not hold, or another number of settlements stands in it
 */
export async function auditSeason(
  directory: string,
  settlements: number,
  tell: (sample: MemorySample) => void = () => undefined,
): Promise<SeasonAudit> {
  const consortium = JSON.parse(readFileSync(join(directory, TRUST_FILE), "utf8")) as Consortium;
  const memory: MemorySample[] = [];
  const startedAtMs = performance.now();
  const cpuBeforeMs = ownCpuMs();
  const seconds = () => rounded((performance.now() - startedAtMs) / 1_000);
  let residentMbMax = 0;
  const onProven = ({ number }: ProvenBlock) => {
    const { rss, heapUsed } = process.memoryUsage();
    residentMbMax = Math.max(residentMbMax, megabytes(rss));
    const sample = { blocks: number + 1, seconds: seconds(), residentMb: megabytes(rss), heapMb: megabytes(heapUsed) };
    memory.push(sample);
    if (sample.blocks % BLOCKS_BETWEEN_WORDS === 0) tell(sample);
  };
  const blocks = readStoredBlocks({ disk: nodeDisk(directory) });
  const verifier = new ProofThread({ ledgerKind: "embedded", consortium });
  const { ok, counts, findings, headHashHex } = await auditBlocks(blocks, {
    verifier,
    verifySignature: openSignatureVerifier(),
    onProven,
  }).finally(() => verifier.close());
  assert.ok(ok, JSON.stringify(findings[0]));
  assert.equal(counts.sc2Settled, settlements);
  const elapsed = seconds();
  return {
    settlements,
    blocks: counts.blocks,
    transactions: counts.transactions,
    seconds: elapsed,
    settlementsPerSecond: rounded(settlements / elapsed),
    cpuMsPerSettlement: rounded((ownCpuMs() - cpuBeforeMs) / settlements),
    residentMbMax,
    memory: thinned(memory),
    headHashHex,
  };
}

function thinned(samples: readonly MemorySample[]): MemorySample[] {
  const step = Math.max(1, Math.ceil(samples.length / SAMPLES_MAX));
  return samples.filter((_, index) => (samples.length - 1 - index) % step === 0);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576);
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
