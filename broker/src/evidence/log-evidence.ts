import { strict as assert } from "node:assert";
import type { BoundaryEvidence, ProvenEnvelope } from "@gridpact/ledger/receipts";
import type { Engine } from "@gridpact/native";
import { VERDICT } from "@gridpact/proto";
import type { InclusionProofs } from "../anchor/index.ts";
import type { BoundaryEntry } from "./day-block.ts";
import type { EvidenceIndex } from "./evidence-index.ts";
import type { EvidenceSource, RegisterValue } from "./evidence-source.ts";

/** Instants of one question: six weeks of market time units. */
export const INSTANTS_MAX = 4_096;

/**
 * Evidence from the index, the log on disk and the anchored batches. Everything that goes to a contract is read back
 * from the log: what is proven is what is durable, not what was in memory.
 */
export class LogEvidence implements EvidenceSource {
  readonly #index: EvidenceIndex;
  readonly #proofs: InclusionProofs;
  readonly #engine: Engine;

  constructor(modules: { index: EvidenceIndex; proofs: InclusionProofs; engine: Engine }) {
    this.#index = modules.index;
    this.#proofs = modules.proofs;
    this.#engine = modules.engine;
  }

  async registersAt(deviceId: string, atUnixMs: readonly number[]): Promise<(RegisterValue | undefined)[]> {
    const entries = await this.#find(deviceId, atUnixMs);
    return entries.map((entry, position) => {
      if (entry === undefined) return undefined;
      return { atUnixMs: atUnixMs[position] as number, importWh: entry.importWh, exportWh: entry.exportWh };
    });
  }

  /** One envelope often serves several boundaries (a day's spool serves 96), so each is proven once. */
  async boundaryEvidence(deviceId: string, atUnixMs: readonly number[]): Promise<BoundaryEvidence | undefined> {
    const entries = await this.#find(deviceId, atUnixMs);
    const walSeqs = [...new Set(entries.flatMap((entry) => entry?.walSeq ?? []))];
    const envelopes: ProvenEnvelope[] = [];
    for (const walSeq of walSeqs) {
      const envelope = await this.#prove(walSeq);
      if (envelope === undefined) return undefined;
      envelopes.push(envelope);
    }
    const boundaries = entries.map((entry) =>
      entry === undefined ? null : { envelope: walSeqs.indexOf(entry.walSeq), reading: entry.readingIndex },
    );
    return { envelopes, boundaries };
  }

  /** In the order of the instants; the bound keeps one question from holding up everybody else's. */
  async #find(deviceId: string, atUnixMs: readonly number[]): Promise<(BoundaryEntry | undefined)[]> {
    assert(atUnixMs.length <= INSTANTS_MAX, `${atUnixMs.length} instants asked for, at most ${INSTANTS_MAX}`);
    const entries: (BoundaryEntry | undefined)[] = [];
    for (const instant of atUnixMs) entries.push(await this.#index.find(deviceId, instant));
    return entries;
  }

  /** Undefined while its batch is not on the ledger. */
  async #prove(walSeq: bigint): Promise<ProvenEnvelope | undefined> {
    const proof = await this.#proofs.proof(walSeq);
    if (proof === undefined) return undefined;
    const [record] = await this.#engine.readLog(walSeq, 1);
    assert(record?.walSeq === walSeq && record.verdict === VERDICT.ACCEPTED, `record ${walSeq} is in a batch`);
    return { envelopeHex: Buffer.from(record.bytes).toString("hex"), proof };
  }
}
