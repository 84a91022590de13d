/** The documents of SC1 and SC2, and the money they hold. */
export {
  CHUNK,
  CHUNK_NO,
  CHUNKS_PER_SC1_MAX,
  type Chunk,
  type ChunkStatus,
  chunksOf,
  completeChunk,
  DELIVERY_SUMS,
  getChunk,
  openChunk,
  SC2_PER_CHUNK_MAX,
  sumChunk,
} from "./chunk.ts";
export { COMMITTED_BASELINE, committedBaselineAt, getCommittedBaseline } from "./committed-baseline.ts";
export { adjustFunds, giveBack, lock, payOut, sc1SettlementTerms, sc2SettlementTerms } from "./funds.ts";
export { type AmendedOrder, amendmentHash, baselineCommitment, sha256Hex, termsHash } from "./hashes.ts";
export {
  BASELINES,
  type Baselines,
  demandSc1State,
  getSc1,
  SC1_COMMITMENT_FIELDS,
  SC1_RESULT,
  SC1_TERMS,
  SC1_VIEW,
  SC2_PER_SC1_MAX,
  type Sc1,
  type Sc1Result,
  type Sc1State,
  type Sc1Terms,
  type Sc1View,
  sc1At,
} from "./sc1-document.ts";
export {
  demandSc2State,
  getSc2,
  ORDER_IN_FORCE_FIELDS,
  SC2,
  SC2_STATE,
  SC2_TERMS,
  type Sc2,
  type Sc2State,
  type Sc2Terms,
  sc2At,
  termsInForce,
} from "./sc2-document.ts";
export { checkPerInterval, checkSchedule, endOf, positionIn, startOf } from "./schedule.ts";
export { DEVICE_SETTLEMENT } from "./settlement-shapes.ts";
