/** The other side of `ProofThread`. */
import { parentPort, workerData } from "node:worker_threads";
import { collections } from "@gridpact/contracts";
import { openSignatureVerifier } from "@gridpact/native";
import { CHAINCODE_NAME } from "../client/index.ts";
import { BlockNotProvenError, BlockVerifier } from "../evidence/index.ts";
import { OrderedChainVerifier } from "./ordered-chain.ts";
import { BLOCKS_IN_HAND, type ProofAnswer, type ProofWorkerData } from "./proof-thread.ts";
import { ReplayedAhead } from "./replayed-ahead.ts";

const { ledgerKind, consortium, audited } = workerData as ProofWorkerData;
const proof =
  ledgerKind === "fabric"
    ? new OrderedChainVerifier(consortium, { name: CHAINCODE_NAME, collections })
    : new BlockVerifier(consortium);

let proven = 0;
const replayedAhead = new ReplayedAhead({
  proof,
  verifySignature: openSignatureVerifier(),
  hasTime: () => proven - Atomics.load(audited, 0) >= BLOCKS_IN_HAND,
});

/** Answers go out in the order of the questions. */
let last = Promise.resolve();
parentPort?.on("message", (bytes: Uint8Array) => {
  const answer = answerTo(bytes);
  last = last.then(async () => {
    parentPort?.postMessage(await answer);
    proven += 1;
  });
});

async function answerTo(bytes: Uint8Array): Promise<ProofAnswer> {
  try {
    return { block: await replayedAhead.verify(bytes) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // What decoders say of damaged bytes differs, and an error of theirs does not cross threads whole.
    return { code: error instanceof BlockNotProvenError ? error.code : "BLOCK_MALFORMED", message: error.message };
  }
}
