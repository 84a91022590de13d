import { createHash } from "node:crypto";
import { type SignatureVerifier, verifyZip215 } from "@gridpact/proto";
import { BlockVerifier, type ProvenBlock } from "../evidence/index.ts";
import type { Consortium } from "../protocol/index.ts";

/** Blocks kept: receipts of one event rest on the same hundred or two, of some hundred kilobytes each at most. */
const PROVEN_BLOCKS_MAX = 256;

/** `blocksMax` bounds memory; a block that was pushed out is verified again. */
export type BlockProverOptions = { verifySignature?: SignatureVerifier; blocksMax?: number };

/** Proves blocks, each once: the receipts of an event share most of theirs, and signatures are what costs time. */
export class BlockProver {
  /** Of devices' signatures, for whoever goes on from the blocks. */
  readonly verifySignature: SignatureVerifier;
  readonly #verifier: BlockVerifier;
  readonly #proven = new Map<string, ProvenBlock>();
  readonly #blocksMax: number;

  /** @param verifySignature - MUST give the verdicts of `verifyZip215`; a native library's gives them sooner */
  constructor(
    consortium: Consortium,
    { verifySignature = verifyZip215, blocksMax = PROVEN_BLOCKS_MAX }: BlockProverOptions = {},
  ) {
    this.verifySignature = verifySignature;
    this.#blocksMax = blocksMax;
    this.#verifier = new BlockVerifier(consortium);
  }

  /** Blocks kept now. */
  size(): number {
    return this.#proven.size;
  }

  /** @throws BlockNotProvenError, or what decoders and certificate readers say of forged bytes */
  prove(bytes: Uint8Array): ProvenBlock {
    const id = createHash("sha256").update(bytes).digest("base64");
    const known = this.#proven.get(id);
    if (known !== undefined) return known;
    const block = this.#verifier.verify(bytes);
    if (this.#proven.size >= this.#blocksMax) this.#proven.delete(this.#proven.keys().next().value ?? "");
    this.#proven.set(id, block);
    return block;
  }
}
