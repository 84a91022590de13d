import { createHash } from "node:crypto";
import { BlockVerifier, type Consortium, type ProvenBlock } from "@gridpact/ledger";
import { openSignatureVerifier } from "@gridpact/native";
import type { SignatureVerifier } from "@gridpact/proto";

/** Blocks kept: receipts of one event rest on the same hundred or two, of some hundred kilobytes each at most. */
const PROVEN_BLOCKS_MAX = 256;

/** Proves blocks, each once: the receipts of an event share most of theirs, and signatures are what costs time. */
export class BlockProver {
  /** Of devices' signatures, for whoever goes on from the blocks. */
  readonly verifySignature: SignatureVerifier = openSignatureVerifier();
  readonly #verifier: BlockVerifier;
  readonly #proven = new Map<string, ProvenBlock>();
  readonly #blocksMax: number;

  constructor(consortium: Consortium, blocksMax = PROVEN_BLOCKS_MAX) {
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
