/** The other side of `ProofThread`. */
import { parentPort, workerData } from "node:worker_threads";
import { collections } from "@gridpact/contracts";
import { CHAINCODE_NAME } from "../client/index.ts";
import { BlockNotProvenError, BlockVerifier } from "../evidence/index.ts";
import { OrderedChainVerifier } from "./ordered-chain.ts";
import type { ProofAnswer, ProofRequest } from "./proof-thread.ts";

const { ledgerKind, consortium } = workerData as ProofRequest;
const proof =
  ledgerKind === "fabric"
    ? new OrderedChainVerifier(consortium, { name: CHAINCODE_NAME, collections })
    : new BlockVerifier(consortium);

parentPort?.on("message", (bytes: Uint8Array) => parentPort?.postMessage(answerTo(bytes)));

function answerTo(bytes: Uint8Array): ProofAnswer {
  try {
    return { block: proof.verify(bytes) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // What decoders say of damaged bytes differs, and an error of theirs does not cross threads whole.
    return { code: error instanceof BlockNotProvenError ? error.code : "BLOCK_MALFORMED", message: error.message };
  }
}
